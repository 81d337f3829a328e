/** The operators of forms. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.operator;
