package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * A margin, and how often a candidate that keeps it may be called harmful all the same.
 *
 * @param alpha the chance of that over the whole of a rollout, over 0, at most 0.5
 */
public record Limit(Margin margin, double alpha) {

    private static final double LARGEST_ALPHA = 0.5;

    public Limit {
        checkAlpha(alpha);
    }

    static void checkAlpha(double alpha) {
        if (!(alpha > 0 && alpha <= LARGEST_ALPHA)) {
            throw ProblemException.invalid("alpha", "An alpha is over 0 and at most 0.5; 0.01 is one in a hundred.");
        }
    }

    /** ln(1/alpha), in nats: an e-process that reaches it rejects (Ville's inequality). */
    public double logThreshold() {
        return logThreshold(alpha);
    }

    static double logThreshold(double alpha) {
        return -StrictMath.log(alpha);
    }
}
