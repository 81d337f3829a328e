package io.modelward.runtime.serving;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Ends requests at their deadline. One pass every few milliseconds over those in flight is cheaper than a timer for
 * each.
 */
final class Deadlines implements AutoCloseable {

    private static final long STEP_MILLIS = 20;

    private final Queue<QueuedRequest> waiting = new ConcurrentLinkedQueue<>();
    private final Duration timeout;
    private final Executor completions;
    private final Ticker ticker;

    /**
     * @param completions ends requests, so that the acts of one caller after an answer do not delay the deadlines of
     *     others
     */
    Deadlines(Duration timeout, Executor completions) {
        this.timeout = timeout;
        this.completions = completions;
        this.ticker = Ticker.start("request-deadlines", STEP_MILLIS, this::answerLate);
    }

    long next() {
        return System.nanoTime() + timeout.toNanos();
    }

    Duration timeout() {
        return timeout;
    }

    void watch(QueuedRequest pending) {
        waiting.add(pending);
    }

    private void answerLate() {
        long now = System.nanoTime();
        waiting.removeIf(pending -> isOver(pending, now));
    }

    private boolean isOver(QueuedRequest pending, long now) {
        if (!pending.over() && now - pending.deadline() >= 0) {
            completions.execute(() -> pending.answer().completeExceptionally(late()));
            return true;
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
        ticker.close();
    }
}
