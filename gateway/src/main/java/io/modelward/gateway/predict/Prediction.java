package io.modelward.gateway.predict;

import io.modelward.gateway.model.ServedVersion;
import io.modelward.store.prediction.PredictionId;

/**
 * An answered prediction.
 *
 * @param logged whether its decision record is kept
 */
public record Prediction(PredictionId id, ServedVersion version, Answer answer, boolean logged) {}
