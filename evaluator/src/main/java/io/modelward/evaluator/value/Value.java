package io.modelward.evaluator.value;

/** What an operator takes and makes: rows and columns. A value does not change once it is made. */
public sealed interface Value permits Numbers, Table {

    int rows();

    int columns();
}
