package io.modelward.runtime;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.StringNode;

/** One output of a model, for all rows of a batch. */
public sealed interface OutputColumn {

    /** The name as a JSON string; of an unnamed column the empty one. */
    String quotedName();

    void write(int row, JsonBytes out);

    /** About the bytes that some rows take. */
    long bytes(int from, int rows);

    /** At most so many bytes has the text of one value of these rows. */
    long longestText(int from, int rows);

    /** Whether a value of these rows is missing, where the column's type alone does not tell. */
    boolean anyMissing(int from, int rows);

    /** The text of a number, with the comma behind it. */
    int LONGEST_NUMBER = 26;

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

        @Override
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

        /** How many values a row has. */
        public int perRow() {
            int n = 1;
            for (int dimension : shape) {
                n *= dimension;
            }
            return n;
        }

        /** The brackets that a row has beside its values: an axis of length 0 has some too. */
        private long brackets() {
            long parts = 1;
            long sum = 0;
            for (int dimension : shape) {
                sum += 3 * parts;
                parts *= dimension;
            }
            return sum;
        }

        @Override
        public long longestText(int from, int rows) {
            return brackets() + (long) perRow() * LONGEST_NUMBER;
        }

        @Override
        public long bytes(int from, int rows) {
            return rows * (perRow() * (long) type.size() + (shape.length > 1 ? brackets() : 0));
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
    record Values(String quotedName, JsonColumn values) implements OutputColumn {
        @Override
        public long longestText(int from, int rows) {
            long most = 0;
            for (int row = from; row < from + rows; row++) {
                most = Math.max(most, values.length(row, row + 1));
            }
            return most;
        }

        @Override
        public long bytes(int from, int rows) {
            return rows == 0 ? 0 : values.length(from, from + rows) + 4L * rows;
        }

        @Override
        public boolean anyMissing(int from, int rows) {
            return true;
        }

        @Override
        public void write(int row, JsonBytes out) {
            values.write(row, out);
        }
    }

    /**
     * One output of rows that were computed in several batches.
     *
     * @param parts the column of each batch, in order
     * @param from the row of its part's column with which each part begins
     * @param ends the rows of all parts up to and with each part
     */
    record Joined(String quotedName, List<OutputColumn> parts, int[] from, int[] ends) implements OutputColumn {
        /** Does something with the rows of each part that are among the given ones. */
        private void forParts(int from, int rows, PartRows action) {
            for (int i = 0; i < ends.length; i++) {
                int before = i == 0 ? 0 : ends[i - 1];
                int first = Math.max(from, before);
                int last = Math.min(from + rows, ends[i]);
                if (first < last) {
                    action.accept(parts.get(i), this.from[i] + first - before, last - first);
                }
            }
        }

        @FunctionalInterface
        private interface PartRows {
            void accept(OutputColumn part, int from, int rows);
        }

        @Override
        public long longestText(int from, int rows) {
            long[] most = new long[1];
            forParts(from, rows, (part, first, count) -> most[0] = Math.max(most[0], part.longestText(first, count)));
            return most[0];
        }

        @Override
        public boolean anyMissing(int from, int rows) {
            boolean[] found = new boolean[1];
            forParts(from, rows, (part, first, count) -> found[0] |= part.anyMissing(first, count));
            return found[0];
        }

        @Override
        public long bytes(int from, int rows) {
            long[] sum = new long[1];
            forParts(from, rows, (part, first, count) -> sum[0] += part.bytes(first, count));
            return sum[0];
        }

        @Override
        public void write(int row, JsonBytes out) {
            int found = Arrays.binarySearch(ends, row + 1);
            int part = found < 0 ? -found - 1 : found;
            int before = part == 0 ? 0 : ends[part - 1];
            parts.get(part).write(from[part] + row - before, out);
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
