package io.modelward.gateway.evidence;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.route.Route;
import io.modelward.gateway.evidence.TrafficSplit.Share;
import io.modelward.gateway.model.Lease;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The requests admitted within one tick under one route revision, counted by arm. They are scored as a whole, when
 * every one of them has an outcome or the evidence deadline is over: a tick that is scored earlier would count fast
 * failures before slow successes.
 *
 * <p>Only good outcomes are counted; at the score all other requests are bad. So a request that never ends is bad
 * without anybody noticing it, and an outcome that comes too late changes nothing that was read.
 */
final class TickCounts {

    /** The counters of one arm. */
    static final class Counter {
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger good = new AtomicInteger();
        private final AtomicInteger quick = new AtomicInteger();

        private ArmCounts errors() {
            return counts(good.get());
        }

        private ArmCounts latency() {
            return counts(quick.get());
        }

        private ArmCounts counts(int right) {
            int all = requests.get();
            return new ArmCounts(all, all - right);
        }
    }

    private final Lease lease;
    private final Map<ArmId, Counter> arms;
    private final Queue<Long> keys = new ConcurrentLinkedQueue<>();
    private final long revision;
    private final List<Share> shares;
    private final OptionalLong thresholdNanos;
    private volatile boolean whole;
    private volatile long sealedAt;

    /**
     * @param shares of the candidates; the active arm gets the rest
     * @param thresholdNanos beyond which a request is slow; fixed before the first is admitted
     */
    TickCounts(long revision, List<Share> shares, OptionalLong thresholdNanos) {
        this.revision = revision;
        this.shares = shares;
        this.thresholdNanos = thresholdNanos;
        Map<ArmId, Counter> counters = new HashMap<>();
        counters.put(ArmId.ACTIVE, new Counter());
        shares.forEach(share -> counters.put(share.candidate(), new Counter()));
        this.arms = Map.copyOf(counters);
        this.lease = new Lease(() -> whole = true);
    }

    /** Counts a request in, or answers false when this tick is sealed. */
    boolean admit(ArmId arm, OptionalLong key) {
        if (!lease.acquire()) {
            return false;
        }
        counter(arm).requests.incrementAndGet();
        key.ifPresent(keys::add);
        return true;
    }

    Counter counter(ArmId arm) {
        return Objects.requireNonNull(arms.get(arm));
    }

    void end(Counter arm, boolean ok, long nanos) {
        if (ok) {
            if (thresholdNanos.isPresent() && nanos <= thresholdNanos.getAsLong()) {
                arm.quick.incrementAndGet();
            }
            arm.good.incrementAndGet();
        }
        lease.release();
    }

    /** Takes no more requests. */
    void seal(long now) {
        sealedAt = now;
        lease.retire();
    }

    /** Whether it may be scored: all ended, or the deadline is over. Only after {@link #seal}. */
    boolean due(long now, long deadlineNanos) {
        return whole || now - sealedAt >= deadlineNanos;
    }

    /** The users are looked at first: one who came in and is not counted yet is still a user. */
    boolean isEmpty() {
        return lease.users() == 0 && arms.values().stream().allMatch(arm -> arm.requests.get() == 0);
    }

    /** The counts as they stand, with all that has no good outcome as bad. */
    ScoredTick score(long number) {
        Map<Guardrail, Map<ArmId, ArmCounts>> counts = new EnumMap<>(Guardrail.class);
        counts.put(Guardrail.ERRORS, read(Counter::errors));
        if (thresholdNanos.isPresent()) {
            counts.put(Guardrail.LATENCY, read(Counter::latency));
        }
        return new ScoredTick(number, revision, splits(), counts);
    }

    private Map<ArmId, ArmCounts> read(Function<Counter, ArmCounts> counts) {
        Map<ArmId, ArmCounts> read = new HashMap<>();
        arms.forEach((arm, counter) -> read.put(arm, counts.apply(counter)));
        return read;
    }

    /**
     * Of the requests that are a candidate's or the active arm's, the part that is the candidate's. With one candidate
     * that is its share.
     */
    private Map<ArmId, Double> splits() {
        int active = Route.WHOLE - shares.stream().mapToInt(Share::weight).sum();
        Map<ArmId, Double> splits = new HashMap<>();
        for (Share share : shares) {
            int both = share.weight() + active;
            splits.put(share.candidate(), both == 0 ? 0.0 : (double) share.weight() / both);
        }
        return splits;
    }

    /** Hashes of the keys that were first seen here. */
    long[] keys() {
        return keys.stream().mapToLong(Long::longValue).toArray();
    }
}
