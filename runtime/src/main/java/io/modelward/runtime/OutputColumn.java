package io.modelward.runtime;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.nio.ByteBuffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** One output of a model, for all rows of a batch. */
public sealed interface OutputColumn {

    /** The name as a JSON string; of an unnamed column the empty one. */
    String quotedName();

    void write(int row, JsonBytes out);

    static String quote(String name) {
        return Json.write(StringNode.valueOf(name));
    }

    /** How the numbers of a column are stored. */
    enum Type {
        DOUBLE(8),
        LONG(8),
        BOOLEAN(1);

        private final int size;

        Type(int size) {
            this.size = size;
        }

        public int size() {
            return size;
        }
    }

    /**
     * Numbers or truth values in a dense array.
     *
     * <p>A double that is NaN is a value that is missing, and is written as null.
     *
     * @param shape of one row: empty for one value, else its dimensions
     * @param data little-endian, row by row
     */
    record Dense(String quotedName, Type type, int[] shape, ByteBuffer data) implements OutputColumn {

        /** Whether a value of these rows is missing. */
        public boolean anyMissing(int from, int rows) {
            if (type != Type.DOUBLE) {
                return false;
            }
            int perRow = perRow();
            for (int i = from * perRow; i < (from + rows) * perRow; i++) {
                if (Double.isNaN(data.getDouble(i * 8))) {
                    return true;
                }
            }
            return false;
        }

        private int perRow() {
            int n = 1;
            for (int dimension : shape) {
                n *= dimension;
            }
            return n;
        }

        @Override
        public void write(int row, JsonBytes out) {
            int perRow = perRow();
            write(0, row * perRow, perRow, out);
        }

        private void write(int dimension, int first, int count, JsonBytes out) {
            if (dimension == shape.length) {
                value(first, out);
                return;
            }
            int parts = shape[dimension];
            int each = parts == 0 ? 0 : count / parts;
            out.put('[');
            for (int i = 0; i < parts; i++) {
                if (i > 0) {
                    out.put(',');
                }
                write(dimension + 1, first + i * each, each, out);
            }
            out.put(']');
        }

        private void value(int index, JsonBytes out) {
            switch (type) {
                case LONG -> out.put(Long.toString(data.getLong(index * 8)));
                case BOOLEAN -> out.put(data.get(index) != 0 ? "true" : "false");
                case DOUBLE -> {
                    double value = data.getDouble(index * 8);
                    if (Double.isInfinite(value)) {
                        throw infinite(quotedName);
                    }
                    out.put(Double.isNaN(value) ? "null" : Double.toString(value));
                }
            }
        }
    }

    /** Any JSON values, one for each row. */
    record Values(String quotedName, JsonNode array) implements OutputColumn {
        @Override
        public void write(int row, JsonBytes out) {
            out.put(Json.write(array.get(row)));
        }
    }

    private static RuntimeException infinite(String quotedName) {
        String where = quotedName.equals("\"\"") ? "the answer" : "the column " + quotedName + " of the answer";
        return Problem.of(
                        ProblemType.MODEL_FAILED,
                        "The model failed: " + where + " holds an infinite float64, which JSON does not have.")
                .with("error", "AnswerValue")
                .exception();
    }
}
