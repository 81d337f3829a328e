package io.modelward.core.evidence;

/**
 * The evidence that a canary is worse than the margin allows. Under every pair of rates that keeps the margin, changing in time as it may, the chance that the
 * process ever reaches 1/alpha is at most alpha, so it may be looked at after every tick.
 *
 * <p>It is the mean over nine alternatives, each a distance beyond the margin, of a product over requests of the likelihood under the alternative to that under
 * its {@link Projection}. The active arm's rate under the alternatives is estimated from the ticks before; a bad estimate costs power, never validity.
 * Each tick counts with its own split, so splits may change between ticks; counts of ticks with different splits must never be added up (Simpson's paradox).
 *
 * <p>Logarithms are in nats. The same ticks in the same order give the same bits on every machine. Not for use by several threads at once.
 */
public final class EProcess {

    private static final double[] DISTANCES = {0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64};
    private static final double IMAGINED = 200;

    private final Margin margin;
    private final PlugIn active;
    private final double[] grid = new double[DISTANCES.length];
    private final Restarts restarts = new Restarts(DISTANCES.length);
    private long canaryRequests;
    private long canaryBad;

    /** @param prior the active arm's rate before the rollout, 0 to 1 */
    public EProcess(Margin margin, double prior) {
        this.margin = margin;
        this.active = new PlugIn(PlugIn.checkPrior(prior), IMAGINED);
    }

    /**
     * Counts the next tick. One that all or none of the requests of were the canary's is not bet on, for it has no concurrent control; since
     * its split was fixed before its outcomes, leaving it out is itself a bet of nothing and costs no validity.
     */
    public void add(Tick tick) {
        if (tick.isEmpty()) {
            return;
        }
        if (tick.isConcurrent()) {
            bet(tick);
        }
        canaryRequests += tick.canaryRequests();
        canaryBad += tick.canaryBad();
        active.add(tick.activeRequests(), tick.activeBad());
        restarts.open(canaryRequests);
    }

    private void bet(Tick tick) {
        double qActive = active.rate();
        double bound = margin.bound(qActive);
        for (int j = 0; j < DISTANCES.length; j++) {
            double qCanary = Bet.clip(bound + DISTANCES[j]);
            double log = Bet.on(tick.split(), margin.ratio(), margin.points(), qCanary, qActive)
                    .of(tick);
            grid[j] += log;
            restarts.multiply(j, log);
        }
    }

    /** The evidence of a canary that was bad from the start. */
    public double logGrid() {
        return Logs.mean(grid);
    }

    /** The evidence of a canary that may have gone bad at any time. This is the one that decides. */
    public double logRestart() {
        return restarts.log();
    }

    public long canaryRequests() {
        return canaryRequests;
    }

    public long canaryBad() {
        return canaryBad;
    }

    public long activeRequests() {
        return active.requests();
    }

    public long activeBad() {
        return active.bad();
    }
}
