package io.modelward.gateway.compare;

import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.Tolerance;
import tools.jackson.databind.JsonNode;

/** Counts how the answers of two versions to the same rows compare. */
final class AnswerTally {

    private final Tolerance tolerance;
    private int answered;
    private int equal;
    private int within;
    private int different;
    private double largest;

    AnswerTally(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    /** What a version answered to a row: predictions as JSON, or the error that the row raised; one of them is empty. */
    record Answer(JsonNode predictions, String error) {}

    void add(Answer before, Answer after) {
        double distance = before.error().equals(after.error())
                ? Tolerance.distance(before.predictions(), after.predictions())
                : Double.POSITIVE_INFINITY;
        if (before.error().isEmpty() && after.error().isEmpty()) {
            answered++;
        }
        if (distance == 0) {
            equal++;
        } else if (tolerance.allows(distance)) {
            within++;
        } else {
            different++;
        }
        if (Double.isFinite(distance)) {
            largest = Math.max(largest, distance);
        }
    }

    /** What was counted; that rows raise the same errors proves nothing when no row was answered at all. */
    Predictions of(int sample, int probes) {
        String failure = answered == 0 && different == 0
                ? "Each row raised the same error in both versions, so no answers were compared."
                : "";
        return new Predictions(sample, probes, equal, within, different, largest, failure);
    }
}
