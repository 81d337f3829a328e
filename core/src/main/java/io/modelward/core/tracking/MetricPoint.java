package io.modelward.core.tracking;

/**
 * A point of a metric.
 *
 * @param value finite, or NaN
 * @param timestamp milliseconds
 */
public record MetricPoint(String key, double value, long timestamp, long step) {}
