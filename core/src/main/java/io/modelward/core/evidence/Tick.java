package io.modelward.core.evidence;

import io.modelward.core.problem.ProblemException;

/**
 * The requests that were admitted in one interval under one split, counted when all have an outcome.
 *
 * @param split the chance of a request to be the canary's, 0 to 1
 * @param canaryRequests 0 to 10¹²
 * @param canaryBad 0 to {@code canaryRequests}
 * @param activeRequests 0 to 10¹²
 * @param activeBad 0 to {@code activeRequests}
 */
public record Tick(double split, long canaryRequests, long canaryBad, long activeRequests, long activeBad) {

    /** A double holds such a count exactly, and the sum over all ticks of a rollout is far from the end of a long. */
    private static final long MOST = 1_000_000_000_000L;

    public Tick {
        if (!(split >= 0 && split <= 1)) {
            throw ProblemException.invalid("split", "A split is a fraction from 0 to 1; 0.05 is five percent.");
        }
        check("n_canary", canaryRequests, MOST, "10¹²");
        check("x_canary", canaryBad, canaryRequests, "n_canary");
        check("n_active", activeRequests, MOST, "10¹²");
        check("x_active", activeBad, activeRequests, "n_active");
    }

    private static void check(String field, long count, long most, String name) {
        if (count < 0 || count > most) {
            throw ProblemException.invalid(field, "It is a whole number from 0 to " + name + ".");
        }
    }

    public boolean isEmpty() {
        return canaryRequests == 0 && activeRequests == 0;
    }

    /** Whether both arms could have got each request; if not, there is nothing to compare the canary with. */
    boolean isConcurrent() {
        return split > 0 && split < 1;
    }

    /** The same requests with good called bad and bad good. */
    Tick flipped() {
        return new Tick(split, canaryRequests, canaryRequests - canaryBad, activeRequests, activeRequests - activeBad);
    }
}
