package io.modelward.evaluator.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of different types, as pandas has them in a DataFrame.
 *
 * @param cells by column
 */
public record Table(List<Column> cells, int rows) implements Value {

    public Table {
        cells = List.copyOf(cells);
    }

    @Override
    public int columns() {
        return cells.size();
    }

    /** The cells of one column. */
    public sealed interface Column {

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
        }

        /**
         * Texts.
         *
         * @param cells null where pandas has NaN
         */
        record Texts(@Nullable String[] cells) implements Column {}

        /**
         * Values of any type: a String, a Double (also NaN), a Boolean, or null for None.
         *
         * @param cells one for each row
         */
        record Objects(@Nullable Object[] cells) implements Column {}
    }
}
