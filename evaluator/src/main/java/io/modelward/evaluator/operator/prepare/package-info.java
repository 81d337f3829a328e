/** Operators that prepare the columns of a request for an estimator. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.operator.prepare;
