package io.modelward.gateway.evidence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.evidence.TrafficSplit.Share;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the evidence of one rollout in this process: one {@link TrafficSplit} at a time, and the ticks that wait for
 * their score. They are scored in their order.
 */
public final class EvidenceCollector {

    /** How long requests are counted together. */
    public static final long TICK_NANOS = 200_000_000;

    /** A scored tick with the keys that it was the first to see. */
    public record Scored(ScoredTick tick, byte[] keys) {}

    private final String rollout;
    private final long deadlineNanos;
    private final RandomGenerator random;
    private final SeenKeys keys = new SeenKeys();

    @GuardedBy("this")
    private final Deque<TickCounts> waiting = new ArrayDeque<>();

    private volatile OptionalLong thresholdNanos = OptionalLong.empty();

    @GuardedBy("this")
    private @Nullable TrafficSplit split;

    @GuardedBy("this")
    private long lastTick;

    @GuardedBy("this")
    private long turnedAt;

    /** @param lastTick the number of the last tick that is kept already */
    public EvidenceCollector(String rollout, long deadlineNanos, long lastTick, RandomGenerator random) {
        this.rollout = rollout;
        this.deadlineNanos = deadlineNanos;
        this.lastTick = lastTick;
        this.random = random;
    }

    String rollout() {
        return rollout;
    }

    SeenKeys keys() {
        return keys;
    }

    OptionalLong thresholdNanos() {
        return thresholdNanos;
    }

    /** Those that were scored before a restart. */
    public void restoreKeys(byte[] kept) {
        keys.restore(kept);
    }

    /** From the next tick on, requests beyond this latency are slow. */
    public void freeze(long micros) {
        thresholdNanos = OptionalLong.of(micros * 1000);
    }

    public boolean comparesLatency() {
        return thresholdNanos.isPresent();
    }

    /** A split for the next route revision, which takes over with {@link #switchTo} once requests can find it. */
    public TrafficSplit prepare(long revision, List<Share> shares) {
        return new TrafficSplit(this, revision, shares, random);
    }

    /** The split before admits nobody any more; the requests that it admitted are still scored. */
    public synchronized void switchTo(TrafficSplit next, long now) {
        end(now);
        split = next;
        turnedAt = now;
    }

    /** Ends the split; the requests that it admitted are still scored. */
    public synchronized void end(long now) {
        if (split != null) {
            split.close(now);
            split = null;
        }
    }

    synchronized void sealed(TickCounts counts) {
        if (!counts.isEmpty()) {
            waiting.add(counts);
        }
    }

    /** Ends the current tick when its time is over, and answers those that are due. */
    public synchronized List<Scored> turn(long now) {
        if (split != null && now - turnedAt >= TICK_NANOS) {
            turnedAt = now;
            split.turn(now);
        }
        return due(now, deadlineNanos);
    }

    /** Ends the split and scores all that waits, as it stands. */
    public synchronized List<Scored> finish(long now) {
        end(now);
        return due(now, 0);
    }

    @GuardedBy("this")
    private List<Scored> due(long now, long deadline) {
        List<Scored> scored = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().due(now, deadline)) {
            TickCounts counts = waiting.remove();
            scored.add(new Scored(counts.score(++lastTick), SeenKeys.bytes(counts.keys())));
        }
        return scored;
    }

    /**
     * The callers' keys that a rollout has seen. All requests of one key go to one arm, so they are one draw, and only
     * the first is evidence. Beyond {@value #MOST} keys new ones are no evidence any more: that bounds memory, and by
     * then everything is decided.
     */
    static final class SeenKeys {

        private static final int MOST = 500_000;

        private final Set<Long> hashes = ConcurrentHashMap.newKeySet();

        /** Whether this is the key's first request. */
        boolean first(long hash) {
            return hashes.size() < MOST && hashes.add(hash);
        }

        /** Those of before a restart, eight big-endian bytes each. */
        void restore(byte[] kept) {
            ByteBuffer buffer = ByteBuffer.wrap(kept);
            while (buffer.remaining() >= Long.BYTES) {
                hashes.add(buffer.getLong());
            }
        }

        static byte[] bytes(long[] keys) {
            ByteBuffer buffer = ByteBuffer.allocate(keys.length * Long.BYTES);
            for (long key : keys) {
                buffer.putLong(key);
            }
            return buffer.array();
        }
    }
}
