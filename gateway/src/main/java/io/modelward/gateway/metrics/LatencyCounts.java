package io.modelward.gateway.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts latencies in classes that grow by a third of an octave, so that a quantile is told to within 13 %, whatever its
 * size. Counting takes nanoseconds and allocates nothing.
 */
public final class LatencyCounts {

    /** The first class holds all up to this, microseconds; the last one holds all from about 45 s. */
    private static final double FIRST_MICROS = 8;

    private static final int PER_OCTAVE = 3;
    /** How many classes there are. */
    public static final int CLASSES = 68;

    private static final double LOG_STEP = Math.log(2) / PER_OCTAVE;

    private final LongAdder[] counts = new LongAdder[CLASSES];

    LatencyCounts() {
        for (int i = 0; i < CLASSES; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(long nanos) {
        counts[classOf(nanos)].increment();
    }

    static int classOf(long nanos) {
        double micros = nanos / 1000.0;
        if (micros <= FIRST_MICROS) {
            return 0;
        }
        return Math.min(CLASSES - 1, (int) Math.ceil(Math.log(micros / FIRST_MICROS) / LOG_STEP));
    }

    /** The counts since the beginning, by class. */
    long[] now() {
        long[] now = new long[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    /**
     * A quantile of counts by class, in milliseconds: the middle of the class that holds the request.
     *
     * @param counts of requests by class
     * @param quantile such as 0.99
     * @return NaN when there was no request
     */
    public static double quantile(long[] counts, double quantile) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        if (all == 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(quantile * all));
        long seen = 0;
        int at = 0;
        while (at < counts.length - 1) {
            seen += counts[at];
            if (seen >= wanted) {
                break;
            }
            at++;
        }
        return FIRST_MICROS * Math.exp(Math.max(0, at - 0.5) * LOG_STEP) / 1000;
    }
}
