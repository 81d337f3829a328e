package io.modelward.gateway.evidence;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * The last {@value #KEPT} requests that a version answered as an endpoint's active one, to know how it fares before a
 * rollout. A request costs two atomic operations; two that wrap around at once may overwrite each other, which loses
 * one sample.
 */
public final class RecentRequests {

    private static final int KEPT = 4096;
    /** Fewer say too little about a tail. */
    private static final int LEAST = 100;

    private final AtomicLong next = new AtomicLong();
    /** Microseconds plus one; negative when it failed, 0 when empty. */
    private final AtomicLongArray samples = new AtomicLongArray(KEPT);

    public void add(boolean ok, long nanos) {
        long micros = nanos / 1000 + 1;
        samples.lazySet((int) (next.getAndIncrement() % KEPT), ok ? micros : -micros);
    }

    private LongStream all() {
        return LongStream.range(0, Math.min(KEPT, next.get()))
                .map(index -> samples.get((int) index))
                .filter(sample -> sample != 0);
    }

    /** The share that failed; empty when there were none. */
    public Optional<Double> errorRate() {
        long[] seen = all().toArray();
        return seen.length == 0
                ? Optional.empty()
                : Optional.of((double)
                                Arrays.stream(seen).filter(sample -> sample < 0).count()
                        / seen.length);
    }

    /** The quantile of latency in microseconds, failures included; empty when fewer than {@value #LEAST} are known. */
    public OptionalLong latency(double quantile) {
        long[] seen = all().map(sample -> Math.abs(sample) - 1).sorted().toArray();
        if (seen.length < LEAST) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(seen[(int) Math.min(seen.length - 1, Math.ceil(quantile * seen.length) - 1)]);
    }
}
