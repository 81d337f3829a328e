package io.modelward.runtime.portable;

import io.modelward.evaluator.value.Numbers;
import io.modelward.evaluator.value.Table;
import io.modelward.evaluator.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that were made one by one, as values of an evaluator. */
final class TableRows {

    private TableRows() {}

    /**
     * One row of a table: a String, a Double, a Boolean or null for each cell.
     *
     * @param objects whether numbers come among objects, as from an array of objects
     */
    static Table of(@Nullable Object[] row, boolean objects) {
        List<Table.Column> columns = new ArrayList<>();
        for (@Nullable Object cell : row) {
            columns.add(
                    cell instanceof Double number && !objects
                            ? new Table.Column.Doubles(new double[] {number})
                            : new Table.Column.Objects(new @Nullable Object[] {cell}));
        }
        return new Table(columns, 1);
    }

    /** Whether both have columns of the same kinds, so that none changes when they are joined. */
    static boolean alike(Value one, Value other) {
        if (!(one instanceof Table left) || !(other instanceof Table right)) {
            return one instanceof Numbers && other instanceof Numbers;
        }
        for (int i = 0; i < left.columns(); i++) {
            if (left.cells().get(i).getClass() != right.cells().get(i).getClass()) {
                return false;
            }
        }
        return true;
    }

    /** Rows one below the other. */
    static Value joined(List<Value> rows) {
        if (rows.size() == 1) {
            return rows.getFirst();
        }
        if (rows.getFirst() instanceof Numbers first) {
            double[] cells = new double[first.columns() * rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(((Numbers) rows.get(i)).cells(), 0, cells, i * first.columns(), first.columns());
            }
            return new Numbers(cells, rows.size(), first.columns(), first.single());
        }
        List<Table.Column> columns = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().columns(); column++) {
            columns.add(column(rows, column));
        }
        return new Table(columns, rows.size());
    }

    private static Table.Column column(List<Value> rows, int column) {
        @Nullable Object[] cells = new @Nullable Object[rows.size()];
        boolean numbers = true;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = ((Table) rows.get(i)).cells().get(column).at(0);
            numbers &= ((Table) rows.get(i)).cells().get(column) instanceof Table.Column.Doubles;
        }
        if (!numbers) {
            return new Table.Column.Objects(cells);
        }
        double[] doubles = new double[cells.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = cells[i] instanceof Double number ? number : Double.NaN;
        }
        return new Table.Column.Doubles(doubles);
    }
}
