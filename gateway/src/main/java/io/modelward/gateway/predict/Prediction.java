package io.modelward.gateway.predict;

import io.modelward.core.prediction.PredictionId;
import io.modelward.gateway.model.ServableVersion;

/**
 * An answered prediction.
 *
 * @param logged whether its decision record is kept
 */
public record Prediction(PredictionId id, ServableVersion version, PredictionsJson answer, boolean logged) {}
