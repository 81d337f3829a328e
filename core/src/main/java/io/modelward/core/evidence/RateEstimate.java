package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * An arm's rate as known before the next tick: the counts so far, and a number of imagined requests with the rate
 * before the rollout.
 */
final class RateEstimate {

    private final double prior;
    private final double imagined;
    private ArmCounts counts = ArmCounts.NONE;

    RateEstimate(double prior, double imagined) {
        this.prior = prior;
        this.imagined = imagined;
    }

    static double checkPrior(double prior) {
        if (!(prior >= 0 && prior <= 1)) {
            throw ProblemException.invalid("prior", "The prior is the active arm's rate before, from 0 to 1.");
        }
        return prior;
    }

    void add(ArmCounts more) {
        counts = counts.plus(more);
    }

    double rate() {
        return LikelihoodRatio.clip((counts.bad() + imagined * prior) / (counts.requests() + imagined));
    }

    ArmCounts counts() {
        return counts;
    }
}
