package io.modelward.core.evidence;

/**
 * What one request multiplies an e-process by, as logarithms in nats, by its arm and outcome: q(y)/p*(y) of the arm's rate q under the alternative and
 * p* of its {@link Projection}.
 */
record Bet(double canaryBad, double canaryGood, double activeBad, double activeGood) {

    static final Bet NONE = new Bet(0, 0, 0, 0);

    /** An alternative keeps this distance from certainty, so that no single request can end all evidence. */
    private static final double LEAST = 1e-6;

    /** The bet on an alternative, none when it is no alternative to the null p_c ≤ ratio · p_a + points. All rates are in (0, 1). */
    static Bet on(double split, double ratio, double points, double qCanary, double qActive) {
        if (qCanary <= ratio * qActive + points) {
            return NONE;
        }
        Projection null0 = Projection.of(split, ratio, points, qCanary, qActive);
        return new Bet(
                StrictMath.log(qCanary) - StrictMath.log(null0.canary()),
                StrictMath.log1p(-qCanary) - StrictMath.log1p(-null0.canary()),
                StrictMath.log(qActive) - StrictMath.log(null0.active()),
                StrictMath.log1p(-qActive) - StrictMath.log1p(-null0.active()));
    }

    static double clip(double rate) {
        return Math.clamp(rate, LEAST, 1 - LEAST);
    }

    double of(Tick tick) {
        return tick.canaryBad() * canaryBad
                + (tick.canaryRequests() - tick.canaryBad()) * canaryGood
                + tick.activeBad() * activeBad
                + (tick.activeRequests() - tick.activeBad()) * activeGood;
    }

    /** What it wins per request on average, in nats, where these are the rates. */
    double growth(double split, double canary, double active) {
        return split * (canary * canaryBad + (1 - canary) * canaryGood)
                + (1 - split) * (active * activeBad + (1 - active) * activeGood);
    }
}
