package io.modelward.evaluator;

import io.modelward.core.json.Json;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.evaluator.rows.JsonCells;
import io.modelward.evaluator.rows.RowsToValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A model that python/tests/form_cases.py made: its form, and rows with what the worker answers. */
final class ModelCase {

    /** Operators whose results depend, in the last bits, on the library that computes them. */
    private static final List<String> SUMS =
            List.of("linear", "project", "distances", "gaussian", "yeo_johnson", "box_cox");

    private final JsonNode head;
    private final ByteBuffer raw;
    private int leftOut;

    private ModelCase(JsonNode head, ByteBuffer raw) {
        this.head = head;
        this.raw = raw;
    }

    static ModelCase read(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[all.getInt()];
        all.get(text);
        return new ModelCase(Json.MAPPER.readTree(text), all);
    }

    String name() {
        return "seed " + head.path("seed").asString() + ", "
                + head.path("model").asString().replaceAll("\\s+", " ");
    }

    /** Why the model has no form; empty when it has one. */
    String reason() {
        return head.path("reason").stringValue("");
    }

    /** How many inputs were left out, because their answers depend on the last bits of the model's numbers. */
    int leftOut() {
        return leftOut;
    }

    /** What differs from the worker's answers; empty when nothing does. */
    List<String> differences() throws BadForm {
        ByteBuffer rest = raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        JsonNode form = head.path("form");
        int size = 0;
        for (JsonNode column : form.path("columns")) {
            size += column.path("bytes").intValue();
        }
        ByteBuffer arrays = take(rest, size);
        Evaluator evaluator = evaluator(form, arrays);
        List<String> differences = new ArrayList<>();
        int number = 0;
        for (JsonNode input : head.path("inputs")) {
            List<Cells> columns = new ArrayList<>();
            for (JsonNode column : input.path("columns")) {
                columns.add(new Cells(column, take(rest, column.path("bytes").intValue())));
            }
            List<Cells> expected = new ArrayList<>();
            for (JsonNode column : input.path("expected").path("columns")) {
                expected.add(new Cells(column, take(rest, column.path("bytes").intValue())));
            }
            String difference = difference(evaluator, input, columns, expected);
            if (!difference.isEmpty()) {
                if (isUnsteady(evaluator, form, arrays, input, columns)) {
                    leftOut++;
                } else {
                    differences.add("input " + number + ": " + difference);
                }
            }
            number++;
        }
        return differences;
    }

    private static Evaluator evaluator(JsonNode form, ByteBuffer arrays) throws BadForm {
        return Evaluator.of(FormReader.read(Json.bytes(form), arrays, Bounds.USUAL), Bounds.USUAL);
    }

    /**
     * Whether an answer changes when the numbers that sums are made of change in their last bits. Then it depends on the
     * order in which NumPy's library adds, or on the last bit of its powers, and says nothing about the evaluator.
     */
    private static boolean isUnsteady(
            Evaluator evaluator, JsonNode form, ByteBuffer arrays, JsonNode input, List<Cells> columns) throws BadForm {
        try {
            Value rows = value(evaluator, input.path("form").asString(), columns);
            List<Answer> answers = evaluator.answer(rows);
            for (int seed = 0; seed < 5; seed++) {
                List<Answer> others =
                        evaluator(form, changed(form, arrays, seed)).answer(rows);
                for (int i = 0; i < answers.size(); i++) {
                    if (!isNear(answers.get(i).data(), others.get(i).data())) {
                        return true;
                    }
                }
            }
            return false;
        } catch (Refused refused) {
            return false;
        }
    }

    /** The arrays, with a change in the last bits of those that sums are made of. */
    private static ByteBuffer changed(JsonNode form, ByteBuffer arrays, int seed) {
        Random random = new Random(seed);
        ByteBuffer changed = ByteBuffer.allocate(arrays.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        changed.put(0, arrays, 0, arrays.capacity());
        int[] starts = new int[form.path("columns").size() + 1];
        for (int i = 0; i + 1 < starts.length; i++) {
            starts[i + 1] =
                    starts[i] + form.path("columns").get(i).path("bytes").intValue();
        }
        boolean powers = false;
        for (JsonNode node : form.path("nodes")) {
            String op = node.path("op").asString();
            powers |= op.equals("yeo_johnson") || op.equals("box_cox") || op.equals("function");
            // A place among quantiles jumps where two are equal, so it shows the last bit of a power before it.
            if (!SUMS.contains(op) && !(powers && op.equals("quantiles"))) {
                continue;
            }
            for (JsonNode member : node) {
                int array = member.path("array").intValue(-1);
                for (int at = array < 0 ? 0 : starts[array]; array >= 0 && at < starts[array + 1]; at += 8) {
                    changed.putDouble(at, changed.getDouble(at) * (1 + (random.nextInt(5) - 2) * 0x1p-52));
                }
            }
        }
        return changed;
    }

    private static boolean isNear(Answer.Data one, Answer.Data other) {
        return switch (one) {
            case Answer.Data.Doubles(double[] items) -> {
                double[] others = ((Answer.Data.Doubles) other).items();
                boolean near = true;
                for (int i = 0; i < items.length; i++) {
                    near &= Math.abs(items[i] - others[i]) <= 1e-13 + 1e-10 * Math.abs(items[i])
                            || Double.compare(items[i], others[i]) == 0;
                }
                yield near;
            }
            case Answer.Data.Longs(long[] items) -> Arrays.equals(items, ((Answer.Data.Longs) other).items());
            case Answer.Data.Booleans(boolean[] items) -> Arrays.equals(items, ((Answer.Data.Booleans) other).items());
            case Answer.Data.Texts(byte[][] rows) -> Arrays.deepEquals(rows, ((Answer.Data.Texts) other).rows());
        };
    }

    private static ByteBuffer take(ByteBuffer from, int size) {
        ByteBuffer taken = from.slice(from.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + size);
        return taken;
    }

    private static String difference(Evaluator evaluator, JsonNode input, List<Cells> columns, List<Cells> expected) {
        JsonNode error = input.path("expected").path("error");
        List<Answer> answers;
        try {
            answers = evaluator.answer(value(evaluator, input.path("form").asString(), columns));
        } catch (Refused refused) {
            String words = refused.error() + ": " + refused.message();
            return error.isMissingNode() ? "the evaluator refuses it with " + words : "";
        }
        if (!error.isMissingNode()) {
            return "the worker refuses it with " + error + ": "
                    + input.path("expected").path("message");
        }
        if (answers.size() != expected.size()) {
            return answers.size() + " answers in place of " + expected.size();
        }
        for (Cells wanted : expected) {
            Answer answer = answers.stream()
                    .filter(each -> each.name().equals(wanted.name()))
                    .findFirst()
                    .orElseThrow();
            String difference = wanted.difference(answer);
            if (!difference.isEmpty()) {
                return "answer '" + wanted.name() + "' " + difference;
            }
        }
        return "";
    }

    private static Value value(Evaluator evaluator, String form, List<Cells> columns) throws Refused {
        RowsToValue rows = RowsToValue.of(evaluator.input());
        if (form.equals("matrix")) {
            int[] shape = columns.getFirst().shape();
            return rows.matrix(columns.getFirst().doubles(), shape[0], shape[1]);
        }
        List<String> names = columns.stream().map(Cells::name).toList();
        return rows.columns(
                names,
                columns.stream().map(Cells::json).toList(),
                columns.getFirst().shape()[0]);
    }

    /** One column of a frame, with its bytes. */
    private record Cells(JsonNode head, ByteBuffer data) {

        String name() {
            return head.path("name").asString();
        }

        String dtype() {
            return head.path("dtype").asString();
        }

        int[] shape() {
            int[] shape = new int[head.path("shape").size()];
            Arrays.setAll(shape, i -> head.path("shape").get(i).intValue());
            return shape;
        }

        double[] doubles() {
            double[] items = new double[data.remaining() / 8];
            data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(items);
            return items;
        }

        JsonCells json() {
            if (dtype().equals("f8")) {
                ArrayNode list = Json.array();
                Arrays.stream(doubles()).forEach(list::add);
                return cells(list);
            }
            return cells(tree());
        }

        private JsonNode tree() {
            byte[] text = new byte[data.remaining()];
            data.duplicate().get(text);
            return Json.MAPPER.readTree(text);
        }

        private static JsonCells cells(JsonNode list) {
            List<byte[]> texts = new ArrayList<>();
            list.forEach(item -> texts.add(Json.bytes(item)));
            int[] ends = new int[texts.size()];
            StringBuilder all = new StringBuilder();
            int at = 0;
            for (int i = 0; i < ends.length; i++) {
                all.append(new String(texts.get(i), StandardCharsets.UTF_8));
                at += texts.get(i).length;
                ends[i] = at;
            }
            return new GivenCells(all.toString().getBytes(StandardCharsets.UTF_8), ends);
        }

        String difference(Answer answer) {
            int[] shape = shape();
            int[] row = Arrays.copyOfRange(shape, 1, shape.length);
            if (!Arrays.equals(answer.shape(), row) && !dtype().equals("json")) {
                return "has rows of shape " + Arrays.toString(answer.shape()) + " in place of " + Arrays.toString(row);
            }
            switch (answer.data()) {
                case Answer.Data.Doubles(double[] items) -> {
                    if (!dtype().equals("f8")) {
                        return "is f8 in place of " + dtype();
                    }
                    double[] wanted = doubles();
                    if (wanted.length != items.length) {
                        return "has " + items.length + " numbers in place of " + wanted.length;
                    }
                    for (int i = 0; i < wanted.length; i++) {
                        if (!isNear(items[i], wanted[i])) {
                            return "has " + items[i] + " in place of " + wanted[i] + " at " + i;
                        }
                    }
                    return "";
                }
                case Answer.Data.Longs(long[] items) -> {
                    long[] wanted = new long[dtype().equals("i8") ? data.remaining() / 8 : 0];
                    data.duplicate()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asLongBuffer()
                            .get(wanted);
                    return Arrays.equals(items, wanted)
                            ? ""
                            : "is " + Arrays.toString(items) + " in place of " + dtype() + " "
                                    + Arrays.toString(wanted);
                }
                case Answer.Data.Booleans(boolean[] items) -> {
                    boolean[] wanted = new boolean[dtype().equals("b1") ? data.remaining() : 0];
                    for (int i = 0; i < wanted.length; i++) {
                        wanted[i] = data.get(i) != 0;
                    }
                    return Arrays.equals(items, wanted) ? "" : "is " + Arrays.toString(items) + " in place of others";
                }
                case Answer.Data.Texts(byte[][] rows) -> {
                    if (!dtype().equals("json")) {
                        return "is json in place of " + dtype();
                    }
                    JsonNode wanted = tree();
                    for (int i = 0; i < Math.max(rows.length, wanted.size()); i++) {
                        if (i >= rows.length || !Json.MAPPER.readTree(rows[i]).equals(wanted.get(i))) {
                            return "differs from " + wanted.get(i) + " at " + i;
                        }
                    }
                    return "";
                }
            }
        }
    }

    private static boolean isNear(double found, double wanted) {
        if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
            return Double.compare(found, wanted) == 0;
        }
        return Math.abs(found - wanted) <= 1e-12 + 1e-9 * Math.abs(wanted);
    }
}
