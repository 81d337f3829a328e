/**
 * Models that the server evaluates itself: a worker describes the model, the server proves that it answers alike, and
 * the worker ends.
 */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.portable;
