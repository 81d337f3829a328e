package io.modelward.runtime;

import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The checked rows of one request, in the form that suits their type best. */
public sealed interface Instances {

    int rows();

    /** About how many bytes they take. */
    long bytes();

    /** The first rows, and from the first again where there are fewer. */
    default Instances cycled(int count) {
        return switch (this) {
            case Matrix m -> {
                double[] values = new double[count * m.width()];
                for (int i = 0; i < count; i++) {
                    System.arraycopy(m.values(), i % m.rows() * m.width(), values, i * m.width(), m.width());
                }
                yield new Matrix(values, count, m.width());
            }
            case Table t -> new Table(t.columns(), cycled(t.cells(), count), t.bytes());
            case Values v -> new Values(cycled(v.values(), count), v.bytes());
        };
    }

    private static <T> List<T> cycled(List<T> rows, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> rows.get(i % rows.size()))
                .toList();
    }

    /** Only requests of one layout can be computed together. */
    default boolean joins(Instances other) {
        return switch (this) {
            case Matrix m -> other instanceof Matrix n && m.width() == n.width();
            case Table t -> other instanceof Table u && t.columns().equals(u.columns());
            case Values _ -> other instanceof Values;
        };
    }

    /**
     * All numbers.
     *
     * @param values row by row; {@code rows * width} of them
     */
    record Matrix(double[] values, int rows, int width) implements Instances {
        @Override
        public long bytes() {
            return 8L * values.length;
        }
    }

    /**
     * Named columns of any scalar type.
     *
     * @param rows row by row, each a list in the order of {@code columns}
     */
    record Table(List<String> columns, List<List<JsonNode>> cells, long bytes) implements Instances {
        @Override
        public int rows() {
            return cells.size();
        }
    }

    /** Any JSON values. */
    record Values(List<JsonNode> values, long bytes) implements Instances {
        @Override
        public int rows() {
            return values.size();
        }
    }
}
