package io.modelward.evaluator.operator;

import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;

/** One node of a graph, ready to be evaluated. It has no state: many threads evaluate it at once. */
public interface Operator {

    /**
     * Computes.
     *
     * @param inputs of the kinds and widths that the operator was made for, all with the same rows
     * @throws Refused when the model raises for a row
     */
    Value apply(Value[] inputs) throws Refused;

    /** The kind and width of the value that it makes. */
    Shape shape();

    /** About the elementary operations for one row. */
    long work();
}
