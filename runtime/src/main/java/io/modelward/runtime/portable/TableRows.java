package io.modelward.runtime.portable;

import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.TableValue;
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
    static TableValue of(@Nullable Object[] row, boolean objects) {
        List<TableValue.Column> columns = new ArrayList<>();
        for (@Nullable Object cell : row) {
            columns.add(
                    cell instanceof Double number && !objects
                            ? new TableValue.Column.Doubles(new double[] {number})
                            : new TableValue.Column.Objects(new @Nullable Object[] {cell}));
        }
        return new TableValue(columns, 1);
    }

    /** Whether both have columns of the same kinds, so that none changes when they are joined. */
    static boolean alike(Value one, Value other) {
        if (!(one instanceof TableValue left) || !(other instanceof TableValue right)) {
            return one instanceof NumericValue && other instanceof NumericValue;
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
        if (rows.getFirst() instanceof NumericValue first) {
            double[] cells = new double[first.columns() * rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                System.arraycopy(((NumericValue) rows.get(i)).cells(), 0, cells, i * first.columns(), first.columns());
            }
            return new NumericValue(cells, rows.size(), first.columns(), first.single());
        }
        List<TableValue.Column> columns = new ArrayList<>();
        for (int column = 0; column < rows.getFirst().columns(); column++) {
            columns.add(column(rows, column));
        }
        return new TableValue(columns, rows.size());
    }

    private static TableValue.Column column(List<Value> rows, int column) {
        @Nullable Object[] cells = new @Nullable Object[rows.size()];
        boolean numbers = true;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = ((TableValue) rows.get(i)).cells().get(column).at(0);
            numbers &= ((TableValue) rows.get(i)).cells().get(column) instanceof TableValue.Column.Doubles;
        }
        if (!numbers) {
            return new TableValue.Column.Objects(cells);
        }
        double[] doubles = new double[cells.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = cells[i] instanceof Double number ? number : Double.NaN;
        }
        return new TableValue.Column.Doubles(doubles);
    }
}
