package io.modelward.gateway.model;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the users of a thing, so that it ends exactly once, when it is retired and the last user has left. The count
 * and the mark are one word, changed by compare-and-set: no user can come in after the end was decided.
 */
public final class Lease {

    private static final int RETIRED = 1 << 31;

    private final AtomicInteger state = new AtomicInteger();
    private final Runnable end;

    /** @param end ends the thing; called by the last user that leaves, or by the call that retires the thing */
    public Lease(Runnable end) {
        this.end = end;
    }

    /** Begins a use, or answers false when the thing is retired: then look for its successor. */
    public boolean acquire() {
        while (true) {
            int now = state.get();
            if (now < 0) {
                return false;
            }
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Leaves; once for each {@link #acquire} that answered true. */
    public void release() {
        int now = state.decrementAndGet();
        if (now == RETIRED) {
            end.run();
        }
    }

    /** Allows no new use any more; once more changes nothing. */
    public void retire() {
        while (true) {
            int now = state.get();
            if (now < 0) {
                return;
            }
            if (state.compareAndSet(now, now | RETIRED)) {
                if (now == 0) {
                    end.run();
                }
                return;
            }
        }
    }

    /** How many are in. */
    public int users() {
        return state.get() & ~RETIRED;
    }
}
