package io.modelward.gateway.predict;

import io.modelward.gateway.model.ServedVersion;
import io.modelward.store.prediction.PredictionId;

/**
 * An answered prediction.
 *
 * @param predictions a JSON array, one element per instance
 * @param logged whether its decision record is kept
 */
public record Prediction(PredictionId id, ServedVersion version, byte[] predictions, boolean logged) {}
