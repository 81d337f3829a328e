package io.modelward.evaluator.value;

/** What an operator takes and makes: rows and columns. A value does not change once it is made. */
public sealed interface Value permits NumericValue, TableValue {

    int rows();

    int columns();
}
