package io.modelward.core.rollout;

/** How many requests each version got over some time, and how many of those failed. */
public record Failures(long candidateRequests, long candidateBad, long activeRequests, long activeBad) {

    public static final Failures NONE = new Failures(0, 0, 0, 0);

    /** The share of the active version's requests that failed; 0 when it got none. */
    double activeRate() {
        return rate(activeBad, activeRequests);
    }

    double candidateRate() {
        return rate(candidateBad, candidateRequests);
    }

    private static double rate(long bad, long all) {
        return all == 0 ? 0 : (double) bad / all;
    }
}
