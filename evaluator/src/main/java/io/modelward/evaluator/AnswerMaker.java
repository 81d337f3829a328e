package io.modelward.evaluator;

import io.modelward.core.json.Json;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Form;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes an output of the value that holds it: numbers as they are, or the labels that they stand for. */
final class AnswerMaker {

    private static final int[] SCALAR = {};

    private final Form.AnswerPart part;
    private final int width;
    /** By column of the value, then by class; null when the output is the numbers themselves. */
    private final @Nullable List<Labels> labels;

    private AnswerMaker(Form.AnswerPart part, int width, @Nullable List<Labels> labels) {
        this.part = part;
        this.width = width;
        this.labels = labels;
    }

    /** @param node that makes the value; null for the input itself */
    static AnswerMaker of(Form.AnswerPart part, @Nullable Node node, Shape shape) throws BadForm {
        if (!shape.numbers()) {
            throw new BadForm("an answer is a table");
        }
        long cells = 1;
        for (int length : part.shape()) {
            cells = Math.min(Integer.MAX_VALUE, cells * length);
        }
        if (cells != shape.width()) {
            throw new BadForm("an answer has another shape than the value that it comes from");
        }
        if (node == null || !node.op().equals("labels")) {
            if (part.dtype().equals("json")) {
                throw new BadForm("an answer has no labels");
            }
            return new AnswerMaker(part, shape.width(), null);
        }
        List<Labels> labels = new ArrayList<>();
        for (JsonNode column : node.members().path("labels")) {
            labels.add(Labels.of(column, part.dtype()));
        }
        if (labels.size() != shape.width() || part.shape().length > 1) {
            throw new BadForm("an answer does not have labels for each of its values");
        }
        return new AnswerMaker(part, shape.width(), labels);
    }

    /** The labels of one column of classes. */
    private record Labels(double[] numbers, long[] longs, byte[][] texts) {

        static Labels of(JsonNode list, String dtype) throws BadForm {
            int count = list.size();
            Labels labels = new Labels(new double[count], new long[count], new byte[count][]);
            for (int i = 0; i < count; i++) {
                JsonNode label = list.get(i);
                boolean fits = switch (dtype) {
                    case "f8" -> label.isNumber();
                    case "i8" -> label.isIntegralNumber() && label.canConvertToLong();
                    case "b1" -> label.isBoolean();
                    default -> !label.isContainer();
                };
                if (!fits) {
                    throw new BadForm("a label is not of the dtype of its answer");
                }
                labels.numbers()[i] = label.doubleValue(0);
                labels.longs()[i] = label.isBoolean() ? (label.booleanValue() ? 1 : 0) : label.longValue(0);
                labels.texts()[i] = Json.bytes(label);
            }
            return labels;
        }
    }

    int node() {
        return part.node();
    }

    /** @throws Refused when the output holds an infinity, which the worker does not take out of a model */
    Answer of(Value value) throws Refused {
        double[] cells = ((NumericValue) value).cells();
        if (labels == null) {
            for (double cell : cells) {
                if (Double.isInfinite(cell)) {
                    throw new Refused(
                            "AnswerValue",
                            "the column '" + part.name()
                                    + "' of the answer holds an infinite numpy.float64, which JSON does not have");
                }
            }
        }
        return new Answer(part.name(), part.shape().length == 0 ? SCALAR : part.shape(), data(cells, value.rows()));
    }

    private Answer.Data data(double[] cells, int rows) {
        return switch (part.dtype()) {
            case "i8" -> {
                long[] items = new long[cells.length];
                for (int i = 0; i < items.length; i++) {
                    items[i] = labels == null
                            ? (long) cells[i]
                            : labels.get(i % width).longs()[(int) cells[i]];
                }
                yield new Answer.Data.Longs(items);
            }
            case "b1" -> {
                boolean[] items = new boolean[cells.length];
                for (int i = 0; i < items.length; i++) {
                    items[i] = labels == null
                            ? cells[i] != 0
                            : labels.get(i % width).longs()[(int) cells[i]] != 0;
                }
                yield new Answer.Data.Booleans(items);
            }
            case "json" -> new Answer.Data.Texts(texts(cells, rows));
            default -> {
                if (labels == null) {
                    yield new Answer.Data.Doubles(cells);
                }
                double[] items = new double[cells.length];
                for (int i = 0; i < items.length; i++) {
                    items[i] = labels.get(i % width).numbers()[(int) cells[i]];
                }
                yield new Answer.Data.Doubles(items);
            }
        };
    }

    private byte[][] texts(double[] cells, int rows) {
        List<Labels> known = Objects.requireNonNull(labels);
        byte[][] texts = new byte[rows][];
        for (int row = 0; row < rows; row++) {
            if (part.shape().length == 0) {
                texts[row] = known.getFirst().texts()[(int) cells[row]];
                continue;
            }
            StringBuilder list = new StringBuilder("[");
            for (int i = 0; i < width; i++) {
                list.append(i == 0 ? "" : ",")
                        .append(new String(known.get(i).texts()[(int) cells[row * width + i]], StandardCharsets.UTF_8));
            }
            texts[row] = list.append(']').toString().getBytes(StandardCharsets.UTF_8);
        }
        return texts;
    }
}
