package io.modelward.core.prediction;

/**
 * How the log of decision records fares.
 *
 * @param kept records written since the start
 * @param lost predictions answered since the start whose record could not be kept
 * @param segments files on disk
 * @param syncMillis how often records are synced
 */
public record PredictionLogStatus(long kept, long lost, int segments, int syncMillis) {}
