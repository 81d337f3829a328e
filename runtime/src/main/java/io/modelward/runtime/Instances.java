package io.modelward.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
            case Table t ->
                new Table(
                        t.columns(),
                        t.cells().stream().map(cell -> cell.cycled(count)).toList(),
                        count);
            case Values v -> new Values(v.values().cycled(count));
        };
    }

    /** Only requests of one layout can be computed together. */
    default boolean joins(Instances other) {
        return switch (this) {
            case Matrix m -> other instanceof Matrix n && m.width() == n.width();
            case Table t -> other instanceof Table u && t.columns().equals(u.columns());
            case Values _ -> other instanceof Values;
        };
    }

    /** Requests of one layout, as one. */
    static Instances joined(List<Instances> requests) {
        if (requests.size() == 1) {
            return requests.getFirst();
        }
        int rows = requests.stream().mapToInt(Instances::rows).sum();
        return switch (requests.getFirst()) {
            case Matrix first -> {
                double[] values = new double[Math.multiplyExact(rows, first.width())];
                int at = 0;
                for (Instances request : requests) {
                    double[] more = ((Matrix) request).values();
                    System.arraycopy(more, 0, values, at, more.length);
                    at += more.length;
                }
                yield new Matrix(values, rows, first.width());
            }
            case Table first -> {
                List<JsonColumn> cells = new ArrayList<>();
                for (int i = 0; i < first.columns().size(); i++) {
                    int column = i;
                    cells.add(JsonColumn.joined(requests.stream()
                            .map(request -> ((Table) request).cells().get(column))
                            .toList()));
                }
                yield new Table(first.columns(), cells, rows);
            }
            case Values _ ->
                new Values(JsonColumn.joined(requests.stream()
                        .map(request -> ((Values) request).values())
                        .toList()));
        };
    }

    /** The rows from {@code from} up to {@code to}, in memory of their own. */
    Instances slice(int from, int to);

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

        @Override
        public Matrix slice(int from, int to) {
            return new Matrix(Arrays.copyOfRange(values, from * width, to * width), to - from, width);
        }
    }

    /**
     * Named columns of any scalar type.
     *
     * @param cells for each of {@code columns} its values, one for each row
     */
    record Table(List<String> columns, List<JsonColumn> cells, int rows) implements Instances {
        @Override
        public long bytes() {
            return cells.stream().mapToLong(JsonColumn::bytes).sum();
        }

        @Override
        public Table slice(int from, int to) {
            return new Table(
                    columns, cells.stream().map(cell -> cell.slice(from, to)).toList(), to - from);
        }
    }

    /** Any JSON values. */
    record Values(JsonColumn values) implements Instances {
        @Override
        public int rows() {
            return values.values();
        }

        @Override
        public long bytes() {
            return values.bytes();
        }

        @Override
        public Values slice(int from, int to) {
            return new Values(values.slice(from, to));
        }
    }
}
