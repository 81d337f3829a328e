package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * The evidence that a canary is good enough to promote: against the null hypothesis p_canary ≥ p_active + points. It is the same test as {@link EProcess} on
 * flipped outcomes, where the null reads p'_c ≤ p'_a − points. The alternatives are a canary that is as good as the active arm, one that is worse by half of
 * the points, and one that is as it was so far.
 */
public final class NonInferiority {

    private static final int ALTERNATIVES = 3;
    private static final double IMAGINED = 200;

    private final double points;
    private final PlugIn active;
    private final PlugIn canary;
    private final double[] logs = new double[ALTERNATIVES];

    /**
     * @param points how much worse is still good enough, 0 to below 1; with 0 the canary has to be better
     * @param prior the active arm's rate before the rollout, 0 to 1
     */
    public NonInferiority(double points, double prior) {
        if (!(points >= 0 && points < 1)) {
            throw ProblemException.invalid("points", "Points are a fraction from 0 to below 1; 0.01 is one point.");
        }
        this.points = points;
        double flipped = 1 - PlugIn.checkPrior(prior);
        this.active = new PlugIn(flipped, IMAGINED);
        this.canary = new PlugIn(flipped, IMAGINED);
    }

    /** Counts the next tick; one without a concurrent control is not bet on. */
    public void add(Tick tick) {
        Tick flipped = tick.flipped();
        if (tick.isConcurrent()) {
            double qActive = active.rate();
            double[] alternatives = {qActive - points / 2, qActive, canary.rate()};
            for (int j = 0; j < ALTERNATIVES; j++) {
                logs[j] += Bet.on(tick.split(), 1, -points, Bet.clip(alternatives[j]), qActive)
                        .of(flipped);
            }
        }
        active.add(flipped.activeRequests(), flipped.activeBad());
        canary.add(flipped.canaryRequests(), flipped.canaryBad());
    }

    /** In nats. */
    public double logE() {
        return Logs.mean(logs);
    }

    /**
     * Whether it is proven now. It can be lost again: who promotes relies on how the canary is, not on how it once was.
     *
     * @param alpha the chance of a proof for a canary that is not good enough, over 0, at most 0.5
     */
    public boolean proven(double alpha) {
        Limit.checkAlpha(alpha);
        return logE() >= Limit.logThreshold(alpha);
    }
}
