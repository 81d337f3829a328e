package io.modelward.runtime.worker;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.serving.Engine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests of one layout as a PREDICT or COMPARE frame.
 *
 * @param head the frame's JSON
 * @param columns the frame's raw columns
 */
public record Batch(String head, List<RawColumn> columns) {

    /** The kind of error of rows that the model does not take, which is their caller's mistake. */
    static final String UNFIT = "RowsUnfit";

    /** @param outputs the outputs to answer, by name; empty for those that the model answers by itself */
    public static Batch of(List<Instances> requests, List<String> outputs) {
        if (outputs.isEmpty() && requests.getFirst() instanceof Instances.Matrix first) {
            return numbers(requests, first.width());
        }
        ObjectNode head = Json.object();
        if (!outputs.isEmpty()) {
            outputs.forEach(head.putArray("outputs")::add);
        }
        ArrayNode counts = head.putArray("requests");
        int rows = 0;
        for (Instances instances : requests) {
            counts.add(instances.rows());
            rows += instances.rows();
        }
        List<RawColumn> raw = new ArrayList<>();
        ArrayNode columns = head.putArray("columns");
        switch (requests.getFirst()) {
            case Instances.Matrix first -> {
                head.put("form", "matrix");
                raw.add(new RawColumn.Doubles(
                        requests.stream().map(Instances.Matrix.class::cast).toList()));
                describe(columns, "", "f8", raw.getFirst(), rows, first.width());
            }
            case Instances.Table first -> {
                head.put("form", "columns");
                for (int i = 0; i < first.columns().size(); i++) {
                    int index = i;
                    raw.add(new RawColumn.Values(requests.stream()
                            .map(request -> ((Instances.Table) request).cells().get(index))
                            .toList()));
                    describe(columns, first.columns().get(i), "json", raw.getLast(), rows);
                }
            }
            case Instances.Values _ -> {
                head.put("form", "json");
                raw.add(new RawColumn.Values(requests.stream()
                        .map(request -> ((Instances.Values) request).values())
                        .toList()));
                describe(columns, "instances", "json", raw.getFirst(), rows);
            }
        }
        return new Batch(Json.write(head), raw);
    }

    /** The most common batch by far, whose head is written without a tree. */
    private static Batch numbers(List<Instances> requests, int width) {
        StringBuilder head = new StringBuilder(128).append("{\"requests\":[");
        int rows = 0;
        for (int i = 0; i < requests.size(); i++) {
            rows += requests.get(i).rows();
            head.append(i == 0 ? "" : ",").append(requests.get(i).rows());
        }
        RawColumn raw = new RawColumn.Doubles(
                requests.stream().map(Instances.Matrix.class::cast).toList());
        head.append("],\"columns\":[{\"name\":\"\",\"dtype\":\"f8\",\"bytes\":")
                .append(raw.bytes())
                .append(",\"shape\":[")
                .append(rows)
                .append(',')
                .append(width)
                .append("]}],\"form\":\"matrix\"}");
        return new Batch(head.toString(), List.of(raw));
    }

    /**
     * What a PREDICT or COMPARE frame asks, for a worker of this server's own code.
     *
     * @param outputs the outputs to answer, by name; empty for those that the model answers by itself
     */
    public record Request(List<Instances> requests, List<String> outputs) {}

    /**
     * Reads a PREDICT or COMPARE frame.
     *
     * @throws WorkerFrame.BadFrame when it is none
     */
    public static Request readRequest(WorkerFrame frame) throws WorkerFrame.BadFrame {
        JsonNode head = Json.parse(frame.head(), "head");
        List<String> outputs = new ArrayList<>();
        head.path("outputs").forEach(output -> outputs.add(output.stringValue("")));
        Instances whole = whole(head, frame.columns());
        List<Instances> requests = new ArrayList<>();
        int from = 0;
        for (JsonNode rows : head.path("requests")) {
            int to = from + rows.intValue(0);
            require(to > from && to <= whole.rows());
            requests.add(from == 0 && to == whole.rows() ? whole : whole.slice(from, to));
            from = to;
        }
        require(from == whole.rows() && !requests.isEmpty());
        return new Request(requests, outputs);
    }

    private static Instances whole(JsonNode head, ByteBuffer raw) throws WorkerFrame.BadFrame {
        JsonNode columns = head.path("columns");
        if (head.path("form").stringValue("").equals("matrix")) {
            int rows = columns.at("/0/shape/0").intValue(0);
            int width = columns.at("/0/shape/1").intValue(0);
            require(rows > 0 && width >= 0 && 8L * rows * width == raw.remaining());
            double[] values = new double[rows * width];
            raw.asDoubleBuffer().get(values);
            return new Instances.Matrix(values, rows, width);
        }
        List<String> names = new ArrayList<>();
        List<JsonColumn> cells = new ArrayList<>();
        for (JsonNode column : columns) {
            int size = column.path("bytes").intValue(-1);
            require(size >= 0 && size <= raw.remaining());
            names.add(column.path("name").stringValue(""));
            cells.add(values(raw, size));
            require(cells.getLast().values() == cells.getFirst().values());
        }
        require(!cells.isEmpty());
        return head.path("form").stringValue("").equals("columns")
                ? new Instances.Table(names, cells, cells.getFirst().values())
                : new Instances.Values(cells.getFirst());
    }

    private static JsonColumn values(ByteBuffer raw, int size) {
        byte[] json = new byte[size];
        raw.get(json);
        JsonColumn.Builder values = new JsonColumn.Builder();
        Json.each(json, "column", (value, index) -> values.add(Json.bytes(value)));
        return values.build();
    }

    /** An ANSWER frame, for a worker of this server's own code. All results have columns of the same names. */
    public static Batch answer(List<Engine.Result> results) {
        ObjectNode head = Json.object();
        ArrayNode said = head.putArray("results");
        List<Predictions> answered = new ArrayList<>();
        boolean[] raws = raws(results);
        List<Engine.Result> written =
                results.stream().map(result -> writable(result, raws)).toList();
        for (Engine.Result result : written) {
            switch (result) {
                case Engine.Result.Answered(Predictions predictions) -> {
                    said.addObject().put("rows", predictions.rows());
                    answered.add(predictions);
                }
                case Engine.Result.Raised(String error, String message) ->
                    said.addObject().put("error", error).put("message", message);
                case Engine.Result.Unfit(String why) ->
                    said.addObject().put("error", UNFIT).put("message", why);
            }
        }
        ArrayNode columns = head.putArray("columns");
        List<RawColumn> raw = new ArrayList<>();
        int count = answered.isEmpty() ? 0 : answered.getFirst().columns().size();
        for (int i = 0; i < count; i++) {
            answerColumn(i, answered, columns, raw);
        }
        return new Batch(Json.write(head), raw);
    }

    /** For each column, whether its values are written as they are, without JSON. */
    private static boolean[] raws(List<Engine.Result> results) {
        List<Predictions> answered = results.stream()
                .filter(Engine.Result.Answered.class::isInstance)
                .map(result -> ((Engine.Result.Answered) result).predictions())
                .toList();
        boolean[] raws = new boolean
                [answered.isEmpty() ? 0 : answered.getFirst().columns().size()];
        for (int i = 0; i < raws.length; i++) {
            raws[i] = isRaw(i, answered);
        }
        return raws;
    }

    private static boolean isRaw(int index, List<Predictions> answered) {
        OutputColumn first = answered.getFirst().columns().get(index);
        return answered.stream().allMatch(one -> alike(first, one.columns().get(index)));
    }

    /** The result, or that it holds a value that JSON does not have, when some of it must be written as JSON. */
    private static Engine.Result writable(Engine.Result result, boolean[] raws) {
        if (!(result instanceof Engine.Result.Answered(Predictions one))) {
            return result;
        }
        try {
            for (int i = 0; i < raws.length; i++) {
                OutputColumn column = one.columns().get(i);
                if (!raws[i] && !(column instanceof OutputColumn.Values)) {
                    for (int row = 0; row < one.rows(); row++) {
                        column.write(one.from() + row, new JsonBytes());
                    }
                }
            }
            return result;
        } catch (ProblemException infinite) {
            return new Engine.Result.Raised(UNREADABLE.error(), UNREADABLE.message());
        }
    }

    /** Whether the raw values of both may follow one another. */
    private static boolean alike(OutputColumn left, OutputColumn right) {
        return left instanceof OutputColumn.Dense one
                && right instanceof OutputColumn.Dense other
                && one.type() == other.type()
                && Arrays.equals(one.shape(), other.shape());
    }

    /** The bytes of the body of the frame. */
    public long bytes() {
        return 4L
                + head.getBytes(StandardCharsets.UTF_8).length
                + columns.stream().mapToLong(RawColumn::bytes).sum();
    }

    private static void answerColumn(int index, List<Predictions> answered, ArrayNode columns, List<RawColumn> raw) {
        JsonColumn.Builder values = new JsonColumn.Builder();
        List<ByteBuffer> bytes = new ArrayList<>();
        int rows = 0;
        OutputColumn first = answered.getFirst().columns().get(index);
        boolean isRaw = isRaw(index, answered);
        for (Predictions one : answered) {
            OutputColumn column = one.columns().get(index);
            rows += one.rows();
            if (isRaw && column instanceof OutputColumn.Dense dense) {
                int perRow =
                        Math.toIntExact(dense.perRow() * (long) dense.type().size());
                bytes.add(dense.data().slice(one.from() * perRow, one.rows() * perRow));
            } else {
                for (int row = 0; row < one.rows(); row++) {
                    JsonBytes value = new JsonBytes();
                    column.write(one.from() + row, value);
                    values.add(value.toArray());
                }
            }
        }
        String name = Json.parse(first.quotedName(), "name").stringValue("");
        if (isRaw && first instanceof OutputColumn.Dense dense) {
            raw.add(new RawColumn.Bytes(bytes));
            int[] shape = new int[dense.shape().length + 1];
            shape[0] = rows;
            System.arraycopy(dense.shape(), 0, shape, 1, dense.shape().length);
            String dtype = switch (dense.type()) {
                case DOUBLE -> "f8";
                case LONG -> "i8";
                case BOOLEAN -> "b1";
            };
            describe(columns, name, dtype, raw.getLast(), shape);
        } else {
            raw.add(new RawColumn.Values(List.of(values.build())));
            describe(columns, name, "json", raw.getLast(), rows);
        }
    }

    private static void describe(ArrayNode columns, String name, String dtype, RawColumn raw, int... shape) {
        ObjectNode column =
                columns.addObject().put("name", name).put("dtype", dtype).put("bytes", raw.bytes());
        ArrayNode dimensions = column.putArray("shape");
        for (int dimension : shape) {
            dimensions.add(dimension);
        }
    }

    /** What a worker said about one request: how many rows it answered, or the error it raised. */
    public record RequestResult(int rows, String error, String message) {

        boolean failed() {
            return !error.isEmpty();
        }
    }

    private static final RequestResult UNREADABLE = new RequestResult(
            0, "AnswerValue", "the answer holds a value that JSON does not have, or that is too large");

    /** A decoded ANSWER. */
    public record Answers(List<RequestResult> results, List<OutputColumn> columns) {}

    /**
     * Reads an ANSWER to a batch of requests with these row counts.
     *
     * @throws WorkerFrame.BadFrame when it does not have one result for each request and one value for each row
     */
    public static Answers read(WorkerFrame frame, List<Integer> asked) throws WorkerFrame.BadFrame {
        try {
            JsonNode head = Json.parse(frame.head(), "head");
            List<RequestResult> results = new ArrayList<>();
            int rows = 0;
            for (JsonNode result : head.get("results")) {
                if (result.has("error")) {
                    results.add(new RequestResult(
                            0,
                            result.get("error").asString(),
                            result.path("message").asString("")));
                } else {
                    int answered = result.get("rows").intValue();
                    require(results.size() < asked.size() && answered == asked.get(results.size()));
                    results.add(new RequestResult(answered, "", ""));
                    rows += answered;
                }
            }
            require(results.size() == asked.size());
            List<OutputColumn> columns = new ArrayList<>();
            ByteBuffer raw = frame.columns();
            try {
                for (JsonNode column : head.get("columns")) {
                    columns.add(column(column, raw, rows));
                }
            } catch (ProblemException unreadable) {
                // A worker tells such values beforehand. Should one get by, the answer is lost and the worker is not.
                return new Answers(Collections.nCopies(asked.size(), UNREADABLE), List.of());
            }
            require(!raw.hasRemaining() && (rows == 0 || !columns.isEmpty()));
            return new Answers(results, columns);
        } catch (WorkerFrame.BadFrame bad) {
            throw bad;
        } catch (RuntimeException malformed) {
            throw new WorkerFrame.BadFrame("malformed answer: " + malformed.getMessage());
        }
    }

    private static OutputColumn column(JsonNode head, ByteBuffer raw, int rows) throws WorkerFrame.BadFrame {
        int size = head.get("bytes").intValue();
        require(size >= 0 && size <= raw.remaining());
        ByteBuffer data = raw.slice(raw.position(), size).order(ByteOrder.LITTLE_ENDIAN);
        raw.position(raw.position() + size);
        String name = OutputColumn.quote(head.get("name").asString());
        JsonNode shape = head.get("shape");
        require(!shape.isEmpty() && shape.get(0).intValue() == rows);
        OutputColumn.Type type = switch (head.get("dtype").asString()) {
            case "f8" -> OutputColumn.Type.DOUBLE;
            case "i8" -> OutputColumn.Type.LONG;
            case "b1" -> OutputColumn.Type.BOOLEAN;
            default -> null;
        };
        if (type == null) {
            byte[] json = new byte[size];
            data.get(json);
            JsonColumn.Builder values = new JsonColumn.Builder();
            Json.each(json, "column", (value, index) -> values.add(Json.bytes(value)));
            JsonColumn column = values.build();
            require(column.values() == rows);
            return new OutputColumn.Values(name, column);
        }
        int[] perRow = new int[shape.size() - 1];
        long count = rows;
        for (int i = 0; i < perRow.length; i++) {
            perRow[i] = shape.get(i + 1).intValue();
            require(perRow[i] >= 0);
            count = Math.multiplyExact(count, (long) perRow[i]);
        }
        require(Math.multiplyExact(count, (long) type.size()) == size);
        return new OutputColumn.Dense(name, type, perRow, data);
    }

    private static void require(boolean holds) throws WorkerFrame.BadFrame {
        if (!holds) {
            throw new WorkerFrame.BadFrame("the answer does not fit the request");
        }
    }
}
