package io.modelward.evaluator;

/**
 * One output of a model for all rows.
 *
 * @param name empty when the output has none
 * @param shape of one row: empty for one value
 */
public record Answer(String name, int[] shape, Data data) {

    /** The values, row by row. */
    public sealed interface Data {

        record Doubles(double[] items) implements Data {}

        record Longs(long[] items) implements Data {}

        record Booleans(boolean[] items) implements Data {}

        /** @param rows the JSON of each row */
        record Texts(byte[][] rows) implements Data {}
    }
}
