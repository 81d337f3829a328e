package io.modelward.runtime.serving;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills engines that compute too long: after the hard timeout, or earlier when every caller of the batch has given up
 * while others wait behind it.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long STEP_MILLIS = 50;

    private final Duration requestTimeout;
    private final Duration hardTimeout;
    private final Map<QueuedModel, Computation> computing = new ConcurrentHashMap<>();
    private final Ticker ticker;

    private static final class Computation {
        private final List<QueuedRequest> batch;
        private final long start = System.nanoTime();
        private volatile boolean othersWait;

        @GuardedBy("this")
        private boolean ended;

        private Computation(List<QueuedRequest> batch) {
            this.batch = batch;
        }

        private synchronized void end() {
            ended = true;
        }

        /**
         * Kills the engine unless this computation has ended meanwhile: the engine would be computing for others by
         * now.
         */
        private synchronized boolean kill(QueuedModel model) {
            if (ended) {
                return false;
            }
            ended = true;
            model.killEngine();
            return true;
        }
    }

    Watchdog(Duration requestTimeout, Duration hardTimeout) {
        this.requestTimeout = requestTimeout;
        this.hardTimeout = hardTimeout;
        this.ticker = Ticker.start("model-watchdog", STEP_MILLIS, this::look);
    }

    void computing(QueuedModel model, List<QueuedRequest> batch) {
        computing.put(model, new Computation(batch));
    }

    void idle(QueuedModel model) {
        Computation ended = computing.remove(model);
        if (ended != null) {
            ended.end();
        }
    }

    /** A request was queued for this model. */
    void othersWait(QueuedModel model) {
        Computation computation = computing.get(model);
        if (computation != null) {
            computation.othersWait = true;
        }
    }

    private void look() {
        computing.forEach((model, computation) -> {
            long now = System.nanoTime();
            boolean tooLong = now - computation.start > hardTimeout.toNanos();
            // A batch that began late is left to end: to start the engine again would take longer.
            boolean forNobody = computation.othersWait
                    && now - computation.start > requestTimeout.toNanos()
                    && computation.batch.stream().allMatch(pending -> pending.over() && now - pending.deadline() >= 0);
            if ((tooLong || forNobody) && computation.kill(model)) {
                LOG.warn(
                        "told to end what has computed one batch for {} ms: {}",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - computation.start),
                        tooLong
                                ? "the hard timeout is over"
                                : "all who asked have given up after the request timeout, and others wait");
            }
        });
    }

    @Override
    public void close() {
        ticker.close();
    }
}
