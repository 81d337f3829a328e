package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * The evidence that a candidate is good enough to promote: against the null hypothesis p_candidate ≥ p_active + points.
 * It is the same test as {@link EProcess} on flipped outcomes, where the null reads p'_c ≤ p'_a − points. The
 * alternatives are a candidate that is as good as the active arm, one that is worse by half of the points, and one that
 * is as it was so far.
 */
public final class NonInferiority {

    private static final int ALTERNATIVES = 3;
    private static final double IMAGINED = 200;

    private final double points;
    private final RateEstimate active;
    private final RateEstimate candidate;
    private final double[] logs = new double[ALTERNATIVES];

    /**
     * @param points how much worse is still good enough, 0 to below 1; with 0 the candidate has to be better
     * @param prior the active arm's rate before the rollout, 0 to 1
     */
    public NonInferiority(double points, double prior) {
        if (!(points >= 0 && points < 1)) {
            throw ProblemException.invalid("points", "Points are a fraction from 0 to below 1; 0.01 is one point.");
        }
        this.points = points;
        double flipped = 1 - RateEstimate.checkPrior(prior);
        this.active = new RateEstimate(flipped, IMAGINED);
        this.candidate = new RateEstimate(flipped, IMAGINED);
    }

    /** Counts the next tick; one without a concurrent control is not bet on. */
    public void add(Tick tick) {
        Tick flipped = tick.flipped();
        if (tick.isConcurrent()) {
            double qActive = active.rate();
            double[] alternatives = {qActive - points / 2, qActive, candidate.rate()};
            for (int j = 0; j < ALTERNATIVES; j++) {
                logs[j] += LikelihoodRatio.of(tick.split(), 1, -points, LikelihoodRatio.clip(alternatives[j]), qActive)
                        .of(flipped);
            }
        }
        active.add(flipped.active());
        candidate.add(flipped.candidate());
    }

    /** In nats. */
    public double logE() {
        return Logs.mean(logs);
    }

    /**
     * Whether it is proven now. It can be lost again: who promotes relies on how the candidate is, not on how it once
     * was.
     *
     * @param alpha the chance of a proof for a candidate that is not good enough, over 0, at most 0.5
     */
    public boolean proven(double alpha) {
        Limit.checkAlpha(alpha);
        return logE() >= Limit.logThreshold(alpha);
    }
}
