package io.modelward.gateway.traffic;

import io.modelward.gateway.metrics.LatencyCounts;
import java.util.Arrays;

/**
 * Requests by class of {@link LatencyCounts}, of which only the classes from the first to the last with a request are
 * kept: latencies of one model lie close together.
 */
public final class LatencyClasses {

    static final LatencyClasses NONE = new LatencyClasses(0, new int[0]);

    private final int first;
    private final int[] counts;

    private LatencyClasses(int first, int[] counts) {
        this.first = first;
        this.counts = counts;
    }

    /** @param all the counts of all classes */
    static LatencyClasses of(long[] all) {
        int from = 0;
        int to = all.length;
        while (from < to && all[from] == 0) {
            from++;
        }
        while (to > from && all[to - 1] == 0) {
            to--;
        }
        int[] counts = new int[to - from];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (int) Math.min(Integer.MAX_VALUE, all[from + i]);
        }
        return counts.length == 0 ? NONE : new LatencyClasses(from, counts);
    }

    private long[] all() {
        long[] all = new long[LatencyCounts.CLASSES];
        for (int i = 0; i < counts.length; i++) {
            all[first + i] = counts[i];
        }
        return all;
    }

    LatencyClasses plus(LatencyClasses more) {
        long[] sum = all();
        long[] other = more.all();
        Arrays.setAll(sum, i -> sum[i] + other[i]);
        return of(sum);
    }

    /** Milliseconds; NaN when there was no request. */
    double quantile(double quantile) {
        return LatencyCounts.quantile(all(), quantile);
    }
}
