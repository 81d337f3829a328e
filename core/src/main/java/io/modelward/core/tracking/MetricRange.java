package io.modelward.core.tracking;

/**
 * What a metric of a run went through.
 *
 * @param points how many it has
 * @param least NaN, as {@code most} is, when none of its values is a number
 */
public record MetricRange(String key, long points, double least, double most) {}
