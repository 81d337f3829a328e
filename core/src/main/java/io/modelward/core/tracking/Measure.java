package io.modelward.core.tracking;

/**
 * The latest point of a metric that a run measured on a logged model: on a dataset or, where name and digest are empty,
 * on none.
 */
public record Measure(MetricPoint point, String run, String datasetName, String datasetDigest) {}
