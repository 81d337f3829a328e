package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * How much worse a candidate may be: the null hypothesis p_candidate ≤ ratio · p_active + points.
 *
 * @param ratio over 0, at most 100; 1 allows nothing in proportion to the active arm's rate
 * @param points a share of requests, 0 to below 1; 0.05 is five percentage points
 */
public record Margin(double ratio, double points) {

    private static final double LARGEST_RATIO = 100;

    public Margin {
        if (!(ratio > 0 && ratio <= LARGEST_RATIO)) {
            throw ProblemException.invalid("ratio", "A ratio is over 0 and at most 100; 1 allows nothing on top.");
        }
        if (!(points >= 0 && points < 1)) {
            throw ProblemException.invalid("points", "Points are a fraction from 0 to below 1; 0.05 is five points.");
        }
    }

    /** The highest rate of the candidate that is no harm, where the active arm has this one; it may be over 1. */
    public double bound(double active) {
        return ratio * active + points;
    }
}
