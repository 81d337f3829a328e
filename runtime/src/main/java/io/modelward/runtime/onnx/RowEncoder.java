package io.modelward.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.modelward.core.json.Json;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.serving.Engine;
import io.modelward.runtime.worker.LargeFrames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Makes a graph's inputs from rows. A number becomes the nearest one of the input's type; null becomes NaN where the
 * type has one.
 *
 * <p>A graph with one input takes a row that is the input's part: a value or nested arrays. A graph with several inputs
 * takes a row with a part for each input, by name.
 */
final class RowEncoder {

    /** The graph does not take the rows. The message is for callers. */
    static final class Unfit extends Exception {
        Unfit(String message) {
            super(message);
        }
    }

    private final List<Tensor> inputs;
    private final List<String> columns;
    /** Kept from batch to batch: memory outside of the heap is slow to get. One thread encodes at a time. */
    private ByteBuffer direct = allocate(1 << 12);

    private static final int KEPT = 1 << 20;

    /**
     * For a graph.
     *
     * @param columns the names of the values of a row that comes as plain numbers; empty when they have none
     */
    RowEncoder(List<Tensor> inputs, List<String> columns) {
        this.inputs = inputs;
        this.columns = columns;
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * The inputs for a run, which the caller closes.
     *
     * @param gate lets one thread at a time make large inputs
     * @throws Engine.NoMemory when there is not the memory for the inputs now
     */
    Map<String, OnnxTensor> encode(OrtEnvironment environment, Instances rows, LargeFrames gate)
            throws Unfit, OrtException, Engine.NoMemory {
        boolean before = gate.isInside();
        if (!gate.enter(mostBytes(rows))) {
            throw new Engine.NoMemory();
        }
        try {
            return encode(environment, rows);
        } catch (OutOfMemoryError full) {
            if (String.valueOf(full.getMessage()).contains("direct buffer memory")) {
                throw new Engine.NoMemory();
            }
            throw full;
        } finally {
            if (!before) {
                gate.leave();
            }
        }
    }

    /** About the bytes that the rows take while they are read. */
    private static int mostBytes(Instances rows) {
        long bytes = switch (rows) {
            case Instances.Matrix matrix -> 8L * matrix.values().length;
            case Instances.Table table ->
                table.cells().stream().mapToLong(RowEncoder::mostBytes).sum();
            case Instances.Values values -> mostBytes(values.values());
        };
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /** A value of two characters of JSON becomes one of eight bytes. */
    private static long mostBytes(JsonColumn column) {
        return column.values() == 0 ? 0 : 4L * column.length(0, column.values());
    }

    private Map<String, OnnxTensor> encode(OrtEnvironment environment, Instances rows) throws Unfit, OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        boolean done = false;
        try {
            if (rows instanceof Instances.Matrix matrix && inputs.size() == 1 && fits(matrix)) {
                Tensor input = inputs.getFirst();
                tensors.put(input.name(), matrix(environment, input, matrix));
            } else {
                for (Tensor input : inputs) {
                    tensors.put(input.name(), collect(input, rows).tensor(environment));
                }
            }
            done = true;
            return tensors;
        } finally {
            if (!done) {
                tensors.values().forEach(OnnxTensor::close);
            }
        }
    }

    /** Whether the numbers can be copied as they are. */
    private boolean fits(Instances.Matrix matrix) {
        Tensor input = inputs.getFirst();
        return input.isFraction()
                && input.type() != OnnxJavaType.FLOAT16
                && (input.count() == matrix.width() || (input.count() < 0 && input.perRow().length == 1));
    }

    private OnnxTensor matrix(OrtEnvironment environment, Tensor input, Instances.Matrix matrix) throws OrtException {
        double[] values = matrix.values();
        ByteBuffer bytes = room(Math.multiplyExact(values.length, input.type().size));
        long[] shape = shape(matrix.rows(), input.count() < 0 ? new long[] {matrix.width()} : input.perRow());
        if (input.type() == OnnxJavaType.FLOAT) {
            for (double value : values) {
                bytes.putFloat((float) value);
            }
            return OnnxTensor.createTensor(
                    environment, bytes.flip().order(ByteOrder.nativeOrder()).asFloatBuffer(), shape);
        }
        bytes.asDoubleBuffer().put(values);
        return OnnxTensor.createTensor(
                environment, bytes.limit(values.length * 8).asDoubleBuffer(), shape);
    }

    private ByteBuffer room(int bytes) {
        if (bytes > KEPT) {
            return allocate(bytes);
        }
        if (direct.capacity() < bytes) {
            direct = allocate(Math.max(bytes, direct.capacity() * 2));
        }
        return direct.clear().order(ByteOrder.nativeOrder());
    }

    static long[] shape(int rows, long[] perRow) {
        long[] shape = new long[perRow.length + 1];
        shape[0] = rows;
        System.arraycopy(perRow, 0, shape, 1, perRow.length);
        return shape;
    }

    private TensorBuilder collect(Tensor input, Instances rows) throws Unfit {
        TensorBuilder builder = new TensorBuilder(input, rows.rows());
        switch (rows) {
            case Instances.Matrix matrix -> fromMatrix(builder, input, matrix);
            case Instances.Table table -> fromTable(builder, input, table);
            case Instances.Values values -> {
                for (int row = 0; row < values.rows(); row++) {
                    fromValue(builder, input, parse(values.values(), row));
                }
            }
        }
        return builder;
    }

    private void fromMatrix(TensorBuilder builder, Tensor input, Instances.Matrix matrix) throws Unfit {
        if (inputs.size() > 1) {
            int column = columns.indexOf(input.name());
            if (columns.size() != matrix.width() || column < 0) {
                throw missing(input);
            }
            for (int row = 0; row < matrix.rows(); row++) {
                builder.beginRow();
                builder.number(matrix.values()[row * matrix.width() + column]);
                builder.endRow();
            }
            return;
        }
        for (int row = 0; row < matrix.rows(); row++) {
            builder.beginRow();
            for (int i = 0; i < matrix.width(); i++) {
                builder.number(matrix.values()[row * matrix.width() + i]);
            }
            builder.endRow();
        }
    }

    private void fromTable(TensorBuilder builder, Tensor input, Instances.Table table) throws Unfit {
        if (inputs.size() > 1) {
            int column = table.columns().indexOf(input.name());
            if (column < 0) {
                throw missing(input);
            }
            for (int row = 0; row < table.rows(); row++) {
                builder.row(parse(table.cells().get(column), row));
            }
            return;
        }
        if (!columns.isEmpty() && !table.columns().equals(columns)) {
            throw new Unfit("each row needs a value for each of its columns");
        }
        for (int row = 0; row < table.rows(); row++) {
            builder.beginRow();
            for (JsonColumn cell : table.cells()) {
                builder.value(parse(cell, row));
            }
            builder.endRow();
        }
    }

    private void fromValue(TensorBuilder builder, Tensor input, JsonNode row) throws Unfit {
        if (inputs.size() == 1 && !row.isObject()) {
            builder.row(row);
            return;
        }
        if (inputs.size() == 1 && !row.has(input.name()) && !columns.isEmpty()) {
            builder.beginRow();
            for (String column : columns) {
                builder.value(row.path(column));
            }
            builder.endRow();
            return;
        }
        if (!row.has(input.name())) {
            throw missing(input);
        }
        builder.row(row.get(input.name()));
    }

    private Unfit missing(Tensor input) {
        return new Unfit("each row is an object with a value for each input, and " + input.name()
                + " is missing; the inputs are "
                + String.join(", ", inputs.stream().map(Tensor::name).toList()));
    }

    private static JsonNode parse(JsonColumn column, int row) {
        JsonBytes json = new JsonBytes();
        column.write(row, json);
        return Json.parse(json.toArray(), "instances");
    }

    @Override
    public String toString() {
        return Arrays.toString(inputs.toArray());
    }
}
