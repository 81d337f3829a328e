package io.modelward.evaluator.operator;

/**
 * What is known of a value before there are rows.
 *
 * @param numbers whether it is numbers, else a table
 * @param width its columns
 */
public record Shape(boolean numbers, int width) {

    public static Shape numbers(int width) {
        return new Shape(true, width);
    }

    public static Shape table(int width) {
        return new Shape(false, width);
    }
}
