package io.modelward.runtime.python;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Ends requests at their deadline. One pass every few milliseconds over those in flight is cheaper than a timer for each. */
final class Deadlines implements AutoCloseable {

    private static final long STEP_MILLIS = 20;

    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Duration timeout;
    private final Thread thread;
    private volatile boolean closed;

    Deadlines(Duration timeout) {
        this.timeout = timeout;
        this.thread = Thread.ofPlatform().daemon().name("request-deadlines").start(this::run);
    }

    long next() {
        return System.nanoTime() + timeout.toNanos();
    }

    Duration timeout() {
        return timeout;
    }

    void watch(Pending pending) {
        waiting.add(pending);
    }

    private void run() {
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            } catch (InterruptedException interrupted) {
                return;
            }
            long now = System.nanoTime();
            waiting.removeIf(pending -> isOver(pending, now));
        }
    }

    private boolean isOver(Pending pending, long now) {
        if (!pending.over() && now - pending.deadline() >= 0) {
            pending.answer().completeExceptionally(late());
        }
        return pending.over();
    }

    private RuntimeException late() {
        return Problem.of(
                        ProblemType.TIMEOUT,
                        "The model did not answer within " + timeout.toMillis() / 1000.0 + " seconds.")
                .exception();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
