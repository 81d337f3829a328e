package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** How many requests it takes a limit to see a given harm, found by playing rollouts. */
public final class Sensitivity {

    /** A rollout is given up after so many requests of both arms. */
    public static final long MOST_REQUESTS = 1_000_000;

    private static final int RUNS = 400;
    private static final int FEWEST_RUNS = 10;
    private static final int SHORTEST_TICK = 20;
    private static final long TICKS = 30_000;

    private final Limit limit;
    private final double split;
    private final double prior;
    private final RandomGenerator random;

    /**
     * @param split the candidate's share, over 0, below 1
     * @param prior the active arm's rate before the rollout, 0 to 1
     */
    public Sensitivity(Limit limit, double split, double prior, RandomGenerator random) {
        if (!(split > 0 && split < 1)) {
            throw ProblemException.invalid("split", "A split is over 0 and below 1; 0.05 is five percent.");
        }
        this.limit = limit;
        this.split = split;
        this.prior = RateEstimate.checkPrior(prior);
        this.random = random;
    }

    /**
     * The candidate's requests until the limit is seen broken, on average over rollouts that are looked at after every
     * tick: within a few percent where it is quickly seen, more roughly where it takes long. Empty when it is no harm,
     * or when it is so little that a rollout of {@link #MOST_REQUESTS} may not see it.
     *
     * @param active the active arm's rate, 0 to 1
     * @param candidate the candidate's rate, 0 to 1
     */
    public OptionalLong candidateRequests(double active, double candidate) {
        check("active", active);
        check("candidate", candidate);
        double fewest = fewestRequests(active, candidate);
        if (!(fewest < MOST_REQUESTS)) {
            return OptionalLong.empty();
        }
        // As a server at a hundred requests per second looks; where it takes long, in coarser ticks for less work.
        int tick = (int) Math.max(SHORTEST_TICK, fewest / 500);
        long sum = 0;
        long ticks = 0;
        int runs = 0;
        while (runs < RUNS && (runs < FEWEST_RUNS || ticks < TICKS)) {
            LimitProcess process = new LimitProcess(limit, prior);
            for (long played = 0; process.verdict() == Verdict.UNDECIDED; played += tick, ticks++) {
                if (played >= MOST_REQUESTS) {
                    return OptionalLong.empty();
                }
                process.add(play(tick, active, candidate));
            }
            sum += process.evidence().candidate().requests();
            runs++;
        }
        return OptionalLong.of(Math.round((double) sum / runs));
    }

    /** Of both arms, for a test that knows the rates: ln(1/alpha) over what each request wins. */
    private double fewestRequests(double active, double candidate) {
        double qActive = LikelihoodRatio.clip(active);
        double qCandidate = LikelihoodRatio.clip(candidate);
        LikelihoodRatio best =
                LikelihoodRatio.of(split, limit.margin().ratio(), limit.margin().points(), qCandidate, qActive);
        return limit.logThreshold() / best.growth(split, qCandidate, qActive);
    }

    private Tick play(int requests, double active, double candidate) {
        long ofCandidate = count(requests, split);
        long ofActive = requests - ofCandidate;
        return Tick.of(split, ofCandidate, count(ofCandidate, candidate), ofActive, count(ofActive, active));
    }

    private long count(long of, double chance) {
        long hits = 0;
        for (long i = 0; i < of; i++) {
            if (random.nextDouble() < chance) {
                hits++;
            }
        }
        return hits;
    }

    private static void check(String field, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw ProblemException.invalid(field, "A rate is a fraction from 0 to 1; 0.01 is one percent.");
        }
    }
}
