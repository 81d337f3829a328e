package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/** An arm's rate as known before the next tick: what was counted, and a number of imagined requests with the rate it had before the rollout. */
final class PlugIn {

    private final double prior;
    private final double imagined;
    private long requests;
    private long bad;

    PlugIn(double prior, double imagined) {
        this.prior = prior;
        this.imagined = imagined;
    }

    static double checkPrior(double prior) {
        if (!(prior >= 0 && prior <= 1)) {
            throw ProblemException.invalid("prior", "The prior is the active arm's rate before, from 0 to 1.");
        }
        return prior;
    }

    void add(long more, long moreBad) {
        requests += more;
        bad += moreBad;
    }

    double rate() {
        return Bet.clip((bad + imagined * prior) / (requests + imagined));
    }

    long requests() {
        return requests;
    }

    long bad() {
        return bad;
    }
}
