package io.modelward.core.evidence;

import java.util.function.Predicate;

/**
 * The usual rules, which add up all counts of a rollout. They wait for a hundred requests of the candidate, else they
 * would be worse still.
 */
final class Pooled implements Rule {

    private static final int FEWEST = 100;
    private static final int TUNED_FOR = 5_000;

    private final Limit limit;
    private final Predicate<Pooled> decides;
    private double nc;
    private double xc;
    private double na;
    private double xa;

    Pooled(Limit limit, Predicate<Pooled> decides) {
        this.limit = limit;
        this.decides = decides;
    }

    @Override
    public boolean stops(Tick tick) {
        nc += tick.candidate().requests();
        xc += tick.candidate().bad();
        na += tick.active().requests();
        xa += tick.active().bad();
        return nc >= FEWEST && na > 0 && decides.test(this);
    }

    /** Over the active arm's rate by the points, or where there are none by a twentieth of the rate. */
    boolean overTheThreshold() {
        double points = limit.margin().points();
        return xc / nc > (points > 0 ? xa / na + points : 1.05 * xa / na);
    }

    boolean zTest() {
        return excess() > normalQuantile(limit.alpha()) * Math.sqrt(variance());
    }

    /** Waudby-Smith et al., arXiv:2103.06476, equation 134, with the tuning that GrowthBook uses. */
    boolean confidenceSequence() {
        double n = nc + na;
        return variance() > 0 && excess() > halfWidth(n * variance(), n, limit.alpha());
    }

    private double excess() {
        return xc / nc - limit.margin().bound(xa / na);
    }

    private double variance() {
        double c = xc / nc;
        double a = xa / na;
        double ratio = limit.margin().ratio();
        return c * (1 - c) / nc + ratio * ratio * a * (1 - a) / na;
    }

    static double halfWidth(double variance, double n, double alpha) {
        double twice = 2 * alpha;
        double logged = -2 * Math.log(twice);
        double rho2 = (logged + Math.log(logged + 1)) / TUNED_FOR;
        double t = n * rho2 + 1;
        return Math.sqrt(variance) * Math.sqrt(2 * t / (n * n * rho2) * Math.log(1 + Math.sqrt(t) / twice));
    }

    static double normalQuantile(double alpha) {
        if (alpha == 0.01) {
            return 2.326348;
        }
        if (alpha == 0.05) {
            return 1.644854;
        }
        throw new IllegalArgumentException("no quantile for " + alpha);
    }
}
