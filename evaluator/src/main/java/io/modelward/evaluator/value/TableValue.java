package io.modelward.evaluator.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of different types, as pandas has them in a DataFrame.
 *
 * @param cells by column
 */
public record TableValue(List<Column> cells, int rows) implements Value {

    public TableValue {
        cells = List.copyOf(cells);
    }

    @Override
    public int columns() {
        return cells.size();
    }

    /** The cells of one column. */
    public sealed interface Column {

        /** The cell of a row: a String, a Double (NaN where one is missing), a Boolean, or null for None. */
        @Nullable
        Object at(int row);

        /**
         * Numbers.
         *
         * @param cells NaN where one is missing
         * @param truth whether they are truth values, 0 or 1
         */
        record Doubles(double[] cells, boolean truth) implements Column {

            /** Numbers that are no truth values. */
            public Doubles(double[] cells) {
                this(cells, false);
            }

            @Override
            public Object at(int row) {
                return truth ? (Object) (cells[row] != 0) : cells[row];
            }
        }

        /**
         * Texts.
         *
         * @param cells null where pandas has NaN
         */
        record Texts(@Nullable String[] cells) implements Column {
            @Override
            public Object at(int row) {
                String text = cells[row];
                return text == null ? (Object) Double.NaN : text;
            }
        }

        /**
         * Values of any type: a String, a Double (also NaN), a Boolean, or null for None.
         *
         * @param cells one for each row
         */
        record Objects(@Nullable Object[] cells) implements Column {
            @Override
            public @Nullable Object at(int row) {
                return cells[row];
            }
        }
    }
}
