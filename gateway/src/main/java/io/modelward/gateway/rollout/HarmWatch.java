package io.modelward.gateway.rollout;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the evidence of rollouts and takes harmful traffic away, on a thread that waits for nothing. The driver does the same, but it
 * also writes, and a write may wait for a slow disk for seconds: no endpoint's callers may pay for that.
 */
final class HarmWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HarmWatch.class);
    private static final long LOOK_MILLIS = 50;

    private final Supplier<List<LiveRollout>> rollouts;
    private final RolloutDecider decider;
    private final LongSupplier nanos;
    private final Thread thread;

    /** @param nanos the monotonic clock */
    HarmWatch(Supplier<List<LiveRollout>> rollouts, RolloutDecider decider, LongSupplier nanos) {
        this.rollouts = rollouts;
        this.decider = decider;
        this.nanos = nanos;
        this.thread = Thread.ofPlatform().daemon().name("rollout-harm").start(this::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException closing) {
                return;
            }
            for (LiveRollout one : rollouts.get()) {
                try {
                    decider.watch(one, nanos.getAsLong());
                } catch (RuntimeException failure) {
                    LOG.error("rollout {} could not be watched; the next look tries again", one.rollout.id(), failure);
                }
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(5000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
