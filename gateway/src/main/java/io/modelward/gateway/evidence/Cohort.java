package io.modelward.gateway.evidence;

import io.modelward.core.evidence.Tick;
import io.modelward.core.route.Route;
import io.modelward.gateway.model.Lease;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests admitted within one tick under one route revision. It is scored as a whole, when every one of them has an outcome or the
 * evidence deadline is over: a cohort scored earlier would count fast failures before slow successes.
 *
 * <p>What is counted is good outcomes; at the score all others are bad. So a request that never ends is bad without anybody noticing it,
 * and an outcome that comes too late changes nothing that was read.
 */
final class Cohort {

    private static final class Arm {
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger good = new AtomicInteger();
        private final AtomicInteger quick = new AtomicInteger();
    }

    private final Lease lease;
    private final Arm canary = new Arm();
    private final Arm active = new Arm();
    private final Queue<Long> keys = new ConcurrentLinkedQueue<>();
    private final long revision;
    private final int weight;
    private final OptionalLong thresholdNanos;
    private volatile boolean whole;
    private volatile long sealedAt;

    /**
     * @param weight the candidate's share in basis points
     * @param thresholdNanos beyond which a request is slow; fixed before the first is admitted
     */
    Cohort(long revision, int weight, OptionalLong thresholdNanos) {
        this.revision = revision;
        this.weight = weight;
        this.thresholdNanos = thresholdNanos;
        this.lease = new Lease(() -> whole = true);
    }

    /** Counts a request in, or answers false when the cohort is sealed. */
    boolean admit(boolean toCanary, OptionalLong key) {
        if (!lease.acquire()) {
            return false;
        }
        (toCanary ? canary : active).requests.incrementAndGet();
        key.ifPresent(keys::add);
        return true;
    }

    void end(boolean ofCanary, boolean ok, long nanos) {
        Arm arm = ofCanary ? canary : active;
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
        return lease.users() == 0 && canary.requests.get() + active.requests.get() == 0;
    }

    long revision() {
        return revision;
    }

    Tick errors() {
        return tick(canary.good.get(), active.good.get());
    }

    Optional<Tick> latency() {
        return thresholdNanos.isPresent()
                ? Optional.of(tick(canary.quick.get(), active.quick.get()))
                : Optional.empty();
    }

    private Tick tick(int canaryGood, int activeGood) {
        int nCanary = canary.requests.get();
        int nActive = active.requests.get();
        return new Tick((double) weight / Route.WHOLE, nCanary, nCanary - canaryGood, nActive, nActive - activeGood);
    }

    /** Hashes of the keys that were first seen here. */
    long[] keys() {
        return keys.stream().mapToLong(Long::longValue).toArray();
    }
}
