package io.modelward.registry.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts tries on an executor, so that each receiver has one under way at a time and all together have a bounded
 * number. A receiver whose try failed by a fault of this server rests for a while.
 *
 * @param <T> what is tried
 */
public final class DispatchLanes<T> {

    private static final Logger LOG = LoggerFactory.getLogger(DispatchLanes.class);

    /** How many may be under way. */
    public static final int AT_ONCE = 8;

    /** How long a receiver rests when the outcome of a try could not be written. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final Function<T, String> receiver;
    private final InstantSource clock;
    private final Executor executor;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Instant> resting = new ConcurrentHashMap<>();

    /** @param receiver the id of the receiver of what is tried */
    public DispatchLanes(Function<T, String> receiver, InstantSource clock, Executor executor) {
        this.receiver = receiver;
        this.clock = clock;
        this.executor = executor;
    }

    /**
     * Starts what is due and fits.
     *
     * @param due answers what is due, at most one of each receiver, longest due first, at most as many as it is given
     * @return how many were started
     */
    public int start(IntFunction<List<T>> due, Consumer<T> attempt) {
        int free = AT_ONCE - underWay.size();
        if (free <= 0) {
            return 0;
        }
        Instant now = clock.instant();
        resting.values().removeIf(until -> !until.isAfter(now));
        // Those under way and resting are among the answered and must not hide others.
        int looked = free + underWay.size() + resting.size();
        int started = 0;
        for (T one : due.apply(looked)) {
            String lane = receiver.apply(one);
            if (started < free && !resting.containsKey(lane) && underWay.add(lane)) {
                executor.execute(() -> attempt(one, lane, attempt));
                started++;
            }
        }
        return started;
    }

    private void attempt(T one, String lane, Consumer<T> attempt) {
        try {
            attempt.accept(one);
        } catch (RuntimeException failure) {
            resting.put(lane, clock.instant().plus(REST));
            LOG.warn("a delivery to {} failed and is tried again", lane, failure);
        } finally {
            underWay.remove(lane);
        }
    }
}
