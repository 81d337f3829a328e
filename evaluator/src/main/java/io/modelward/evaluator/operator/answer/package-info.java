/** Operators that make a model's answer of numbers. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.operator.answer;
