package io.modelward.runtime.portable;

/**
 * What one row of a version takes.
 *
 * @param nanos of one thread, as measured when the version was loaded
 * @param bytes of memory while the row is evaluated
 */
public record RowCost(long nanos, long bytes) {}
