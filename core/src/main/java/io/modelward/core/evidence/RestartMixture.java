package io.modelward.core.evidence;

import java.util.Arrays;

/**
 * E-processes that start one after another, so that a candidate which goes bad late is not forgiven for its good past.
 * The stake is 1: start k has the share 1/((k+1)(k+2)), which sums to 1, start 0 is there from the beginning, start k
 * opens after the tick in which the candidate's k-th 200 requests end, and what has not started lies still. Each share
 * is spread evenly over the alternatives.
 */
final class RestartMixture {

    private static final long CHUNK = 200;

    private final double[] logs;
    private long opened;

    RestartMixture(int alternatives) {
        logs = new double[alternatives];
        Arrays.fill(logs, StrictMath.log(0.5));
    }

    void multiply(int alternative, double log) {
        logs[alternative] += log;
    }

    /** To be called after the tick was multiplied in: a start that opened because of a tick must not bet on it. */
    void open(long candidateRequests) {
        long due = candidateRequests / CHUNK;
        if (due > opened) {
            // The shares of the starts opened+1 to due telescope to 1/(opened+2) − 1/(due+2).
            double share = StrictMath.log((due - opened) / ((opened + 2.0) * (due + 2.0)));
            for (int j = 0; j < logs.length; j++) {
                logs[j] = Logs.add(logs[j], share);
            }
            opened = due;
        }
    }

    double log() {
        return Logs.add(Logs.mean(logs), -StrictMath.log(opened + 2.0));
    }
}
