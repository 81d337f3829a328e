/** Evaluates portable forms of models. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator;
