/** The portable form of a model, and its reader. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.form;
