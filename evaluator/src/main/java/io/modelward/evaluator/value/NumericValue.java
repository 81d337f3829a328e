package io.modelward.evaluator.value;

/**
 * Numbers, row by row. A value of dtype {@code f4} is kept in doubles, each of which a float32 holds exactly.
 *
 * @param cells {@code rows * columns} of them; the cell of a row and a column is {@code cells[row * columns + column]}
 * @param single whether the dtype is {@code f4}, else {@code f8}
 */
public record NumericValue(double[] cells, int rows, int columns, boolean single) implements Value {

    /** Numbers of dtype {@code f8}. */
    public static NumericValue of(double[] cells, int rows, int columns) {
        return new NumericValue(cells, rows, columns, false);
    }

    public double at(int row, int column) {
        return cells[row * columns + column];
    }
}
