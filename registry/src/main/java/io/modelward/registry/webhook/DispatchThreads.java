package io.modelward.registry.webhook;

import io.modelward.core.problem.ProblemException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a dispatcher at work on threads of its own, apart from those that serve requests. */
public final class DispatchThreads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchThreads.class);
    private static final long PAUSE_MILLIS = 250;
    /** A try that is under way at a stop may end within this; else it is made again after the start. */
    private static final long PATIENCE_SECONDS = 2;

    /** What is kept at work. */
    public interface Work {

        /** Starts what is due and fits; answers how many were started. */
        int round();

        /** Forgets what ended long ago. */
        void forget();
    }

    private final String name;
    private final ScheduledExecutorService rounds;
    private final ExecutorService senders;

    /**
     * @param name of what is sent, one word
     * @param maker makes the dispatcher that sends on the given threads
     */
    public DispatchThreads(String name, Function<ExecutorService, Work> maker) {
        this.name = name;
        this.rounds = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name + "s").factory());
        ThreadFactory threads =
                Thread.ofPlatform().daemon().name(name + "-sender-", 0).factory();
        this.senders = Executors.newFixedThreadPool(DispatchLanes.AT_ONCE, threads);
        Work work = maker.apply(senders);
        repeat(work::round, PAUSE_MILLIS);
        repeat(work::forget, TimeUnit.HOURS.toMillis(1));
    }

    private void repeat(Runnable work, long millis) {
        var _ = rounds.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (ProblemException problem) {
                        // The catalog says itself, and once, that it is away; this is tried again many times a second.
                        LOG.debug("{}s could not be looked after: {}", name, problem.getMessage());
                    } catch (RuntimeException failure) {
                        LOG.warn("{}s could not be looked after and are so again in a moment", name, failure);
                    }
                },
                0,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        senders.shutdown();
        try {
            if (!rounds.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    || !senders.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
