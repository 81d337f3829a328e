package io.modelward.runtime.serving;

/** Learns how long batches take and predicts how long a new request would wait. Written by one thread, read by all. */
final class WaitEstimate {

    private static final double WEIGHT = 0.2;

    private volatile double batchNanos;
    private volatile long startsAt;
    private volatile boolean starting;
    private long loadStarted = System.nanoTime();
    private volatile long loadNanos;

    /** A batch took this long. */
    void learn(long nanos) {
        double known = batchNanos;
        batchNanos = known == 0 ? nanos : known + WEIGHT * (nanos - known);
    }

    /** The worker will be started again after a pause. */
    void starting(long pauseNanos) {
        loadStarted = System.nanoTime() + pauseNanos;
        startsAt = loadStarted + loadNanos;
        starting = true;
    }

    /** The worker serves. */
    void ready() {
        loadNanos = System.nanoTime() - loadStarted;
        starting = false;
    }

    /** How long a request behind {@code waiting} others would wait for its answer. */
    long nanos(int waiting) {
        long start = starting ? Math.max(0, startsAt - System.nanoTime()) : 0;
        int batches = waiting / RequestQueue.MAX_BATCH_REQUESTS + 1;
        return start + (long) (batches * batchNanos);
    }
}
