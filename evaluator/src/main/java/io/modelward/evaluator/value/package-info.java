/** What operators take and make. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.value;
