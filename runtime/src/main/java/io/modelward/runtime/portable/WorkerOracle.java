package io.modelward.runtime.portable;

import io.modelward.core.json.Json;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.Batch;
import io.modelward.runtime.worker.RawColumn;
import io.modelward.runtime.worker.WorkerEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Asks a worker by the PROBE frames of docs/worker-protocol.md. */
final class WorkerOracle implements Oracle {

    private final WorkerEngine worker;

    WorkerOracle(WorkerEngine worker) {
        this.worker = worker;
    }

    @Override
    public List<Engine.Result> step(int step, List<Value> requests) throws IOException {
        List<Engine.Result> results = new ArrayList<>();
        // A column of numbers and one of objects are not the same to the library: one frame holds requests of one kind.
        int from = 0;
        while (from < requests.size()) {
            int to = from + 1;
            while (to < requests.size() && TableRows.alike(requests.get(from), requests.get(to))) {
                to++;
            }
            results.addAll(frame(step, requests.subList(from, to)));
            from = to;
        }
        return results;
    }

    private List<Engine.Result> frame(int step, List<Value> requests) throws IOException {
        ObjectNode head = Json.object().put("step", step);
        ArrayNode counts = head.putArray("requests");
        List<Integer> rows = new ArrayList<>();
        for (Value request : requests) {
            counts.add(request.rows());
            rows.add(request.rows());
        }
        ArrayNode columns = head.putArray("columns");
        List<RawColumn> raw = new ArrayList<>();
        Value whole = TableRows.joined(requests);
        if (whole instanceof NumericValue numbers) {
            head.put("form", "matrix");
            ByteBuffer bytes = bytes(numbers.cells(), numbers.single());
            describe(columns, "", numbers.single() ? "f4" : "f8", bytes, numbers.rows(), numbers.columns());
            raw.add(new RawColumn.Bytes(List.of(bytes)));
        } else {
            head.put("form", "columns");
            List<TableValue.Column> cells = ((TableValue) whole).cells();
            for (int i = 0; i < cells.size(); i++) {
                boolean numbers = cells.get(i) instanceof TableValue.Column.Doubles;
                ByteBuffer bytes = cells.get(i) instanceof TableValue.Column.Doubles(double[] doubles, boolean _)
                        ? bytes(doubles, false)
                        : json(cells.get(i), whole.rows());
                describe(columns, String.valueOf(i), numbers ? "f8" : "json", bytes, whole.rows());
                raw.add(new RawColumn.Bytes(List.of(bytes)));
            }
        }
        return worker.probe(Json.write(head), raw, rows);
    }

    private static void describe(ArrayNode columns, String name, String dtype, ByteBuffer bytes, int... shape) {
        ObjectNode column =
                columns.addObject().put("name", name).put("dtype", dtype).put("bytes", bytes.remaining());
        ArrayNode axes = column.putArray("shape");
        for (int length : shape) {
            axes.add(length);
        }
    }

    private static ByteBuffer bytes(double[] cells, boolean single) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(cells.length, single ? 4 : 8))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double cell : cells) {
            if (single) {
                bytes.putFloat((float) cell);
            } else {
                bytes.putDouble(cell);
            }
        }
        return bytes.flip();
    }

    private static ByteBuffer json(TableValue.Column column, int rows) {
        JsonBytes json = new JsonBytes();
        for (int row = 0; row < rows; row++) {
            json.put(row == 0 ? '[' : ',').put(text(column.at(row)));
        }
        return ByteBuffer.wrap(json.put(']').toArray());
    }

    private static String text(@Nullable Object cell) {
        return switch (cell) {
            case null -> "null";
            case Double number when Double.isNaN(number) -> "{\"nan\":true}";
            case Double number when Double.isInfinite(number) -> number > 0 ? "1e999" : "-1e999";
            case Double number -> Json.write(DoubleNode.valueOf(number));
            case Boolean truth -> Json.write(BooleanNode.valueOf(truth));
            default -> Json.write(StringNode.valueOf(String.valueOf(cell)));
        };
    }

    @Override
    public List<Engine.Result> whole(List<Instances> requests) throws IOException {
        List<Engine.Result> results = new ArrayList<>();
        // One frame holds requests of one layout.
        int from = 0;
        while (from < requests.size()) {
            int to = from + 1;
            while (to < requests.size() && requests.get(from).joins(requests.get(to))) {
                to++;
            }
            List<Instances> alike = requests.subList(from, to);
            Batch batch = Batch.of(alike, List.of());
            ObjectNode head = (ObjectNode) Json.parse(batch.head(), "head");
            head.putNull("step");
            results.addAll(worker.probe(
                    Json.write(head),
                    batch.columns(),
                    alike.stream().map(Instances::rows).toList()));
            from = to;
        }
        return results;
    }
}
