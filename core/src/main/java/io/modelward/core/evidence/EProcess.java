package io.modelward.core.evidence;

/**
 * The evidence that a candidate is worse than the margin allows. Under every pair of rates that keeps the margin,
 * changing in time as it may, the chance that the process ever reaches 1/alpha is at most alpha, so it may be looked at
 * after every tick.
 *
 * <p>It is the mean over nine alternatives, each a distance beyond the margin, of a product over requests of the
 * likelihood under the alternative to that under its {@link Projection}. The active arm's rate under the alternatives
 * is estimated from the ticks before; a bad estimate costs power, never validity. Each tick counts with its own split,
 * so splits may change between ticks; counts of ticks with different splits must never be added up (Simpson's paradox).
 *
 * <p>Logarithms are in nats. The same ticks in the same order give the same bits on every machine. Not for use by
 * several threads at once.
 */
public final class EProcess {

    private static final double[] DISTANCES = {0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64};
    private static final double IMAGINED = 200;

    private final Margin margin;
    private final RateEstimate active;
    private final double[] grid = new double[DISTANCES.length];
    private final RestartMixture restarts = new RestartMixture(DISTANCES.length);
    private ArmCounts candidate = ArmCounts.NONE;

    /** @param prior the active arm's rate before the rollout, 0 to 1 */
    public EProcess(Margin margin, double prior) {
        this.margin = margin;
        this.active = new RateEstimate(RateEstimate.checkPrior(prior), IMAGINED);
    }

    /**
     * Counts the next tick. A tick whose requests all went to one arm is not bet on, for that tick has no concurrent
     * control. The split was fixed before the outcomes, so leaving the tick out is itself a bet of nothing and costs no
     * validity.
     */
    public void add(Tick tick) {
        if (tick.isEmpty()) {
            return;
        }
        if (tick.isConcurrent()) {
            bet(tick);
        }
        candidate = candidate.plus(tick.candidate());
        active.add(tick.active());
        restarts.open(candidate.requests());
    }

    private void bet(Tick tick) {
        double qActive = active.rate();
        double bound = margin.bound(qActive);
        for (int j = 0; j < DISTANCES.length; j++) {
            double qCandidate = LikelihoodRatio.clip(bound + DISTANCES[j]);
            double log = LikelihoodRatio.of(tick.split(), margin.ratio(), margin.points(), qCandidate, qActive)
                    .of(tick);
            grid[j] += log;
            restarts.multiply(j, log);
        }
    }

    /** The evidence of a candidate that was bad from the start. */
    public double logGrid() {
        return Logs.mean(grid);
    }

    /** The evidence of a candidate that may have gone bad at any time. This is the one that decides. */
    public double logRestart() {
        return restarts.log();
    }

    public ArmCounts candidate() {
        return candidate;
    }

    public ArmCounts active() {
        return active.counts();
    }
}
