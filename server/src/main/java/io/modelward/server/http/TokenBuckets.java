package io.modelward.server.http;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A bucket of tokens for each key: a full bucket has as many tokens as one may take at once, and they come back evenly.
 * A bucket is one number, the time at which it is full again (the generic cell rate algorithm), so that callers wait for
 * no lock.
 *
 * <p>There are at most {@value #MOST} buckets, in two generations. A new bucket goes into the young one, and one that is
 * used comes back into it. When the young one is full, it becomes the old one, and the old one is forgotten: those are
 * the buckets that were not used for longest. Who has more addresses than that fits can be given a full bucket again,
 * but never makes the server hold more.
 */
final class TokenBuckets {

    static final int MOST = 100_000;

    /**
     * What taking a token means.
     *
     * @param taken whether there was one
     * @param remaining how many are left
     * @param nanos when one was taken, nanoseconds until the bucket is full; else until there is a token
     */
    record Take(boolean taken, long remaining, long nanos) {}

    /** Both generations, the young one growing. */
    private record Generations(
            ConcurrentHashMap<String, AtomicLong> young, ConcurrentHashMap<String, AtomicLong> old) {}

    private final long windowNanos;
    private final long interval;
    private final AtomicReference<Generations> generations =
            new AtomicReference<>(new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>()));

    /** @param capacity the tokens of a full bucket; an empty one is full after {@code window} */
    TokenBuckets(long capacity, Duration window) {
        this.interval = Math.max(1, window.toNanos() / capacity);
        this.windowNanos = interval * capacity;
    }

    /** Takes a token of this key, if there is one. */
    Take take(String key, long now) {
        AtomicLong full = bucket(key, now);
        while (true) {
            long at = full.get();
            long next = Math.max(at - now, 0) + interval;
            if (next > windowNanos) {
                return new Take(false, 0, next - windowNanos);
            }
            if (full.compareAndSet(at, now + next)) {
                return new Take(true, (windowNanos - next) / interval, next);
            }
        }
    }

    /** Whether {@link #take} would find no token now. */
    boolean empty(String key, long now) {
        Generations all = generations.get();
        AtomicLong full = all.young.get(key);
        if (full == null) {
            full = all.old.get(key);
        }
        return full != null && full.get() - now + interval > windowNanos;
    }

    private AtomicLong bucket(String key, long now) {
        Generations all = generations.get();
        AtomicLong present = all.young.get(key);
        if (present != null) {
            return present;
        }
        AtomicLong before = all.old.get(key);
        AtomicLong added = before == null ? new AtomicLong(now) : before;
        present = all.young.putIfAbsent(key, added);
        if (present != null) {
            return present;
        }
        if (all.young.mappingCount() >= MOST / 2) {
            // Of several who find it full one succeeds.
            generations.compareAndSet(all, new Generations(new ConcurrentHashMap<>(), all.young));
        }
        return added;
    }

    /** How many buckets there are. */
    long size() {
        Generations all = generations.get();
        return all.young.mappingCount() + all.old.mappingCount();
    }
}
