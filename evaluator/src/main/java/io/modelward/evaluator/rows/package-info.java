/** Makes the value that a form takes of a request's rows. */
@org.jspecify.annotations.NullMarked
package io.modelward.evaluator.rows;
