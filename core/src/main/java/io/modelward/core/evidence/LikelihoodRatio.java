package io.modelward.core.evidence;

/**
 * What one request multiplies an e-process by, as logarithms in nats, by its arm and outcome: q(y)/p*(y) of the arm's
 * rate q under the alternative and p* of its {@link Projection}.
 */
record LikelihoodRatio(double candidateBad, double candidateGood, double activeBad, double activeGood) {

    static final LikelihoodRatio NONE = new LikelihoodRatio(0, 0, 0, 0);

    /** An alternative keeps this distance from certainty, so that no single request can end all evidence. */
    private static final double LEAST = 1e-6;

    /**
     * The ratio for an alternative, {@link #NONE} when the alternative lies within the null p_c ≤ ratio · p_a + points.
     * All rates are in (0, 1).
     */
    static LikelihoodRatio of(double split, double ratio, double points, double qCandidate, double qActive) {
        if (qCandidate <= ratio * qActive + points) {
            return NONE;
        }
        Projection null0 = Projection.of(split, ratio, points, qCandidate, qActive);
        return new LikelihoodRatio(
                StrictMath.log(qCandidate) - StrictMath.log(null0.candidate()),
                StrictMath.log1p(-qCandidate) - StrictMath.log1p(-null0.candidate()),
                StrictMath.log(qActive) - StrictMath.log(null0.active()),
                StrictMath.log1p(-qActive) - StrictMath.log1p(-null0.active()));
    }

    static double clip(double rate) {
        return Math.clamp(rate, LEAST, 1 - LEAST);
    }

    /**
     * What all requests of the tick multiply by together. The order of the terms is part of what a replay repeats bit
     * for bit.
     */
    double of(Tick tick) {
        return tick.candidate().bad() * candidateBad
                + tick.candidate().good() * candidateGood
                + tick.active().bad() * activeBad
                + tick.active().good() * activeGood;
    }

    /** The average factor of a request at these rates, in nats. */
    double growth(double split, double candidate, double active) {
        return split * (candidate * candidateBad + (1 - candidate) * candidateGood)
                + (1 - split) * (active * activeBad + (1 - active) * activeGood);
    }
}
