package io.modelward.gateway.model;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses a thing, so that it ends exactly once, when it is retired and the last user has left. The count and
 * the mark are one word, changed by compare-and-set: no user can come in after the end was decided.
 */
public final class Lease {

    private static final int RETIRED = 1 << 31;

    private final AtomicInteger state = new AtomicInteger();
    private final Runnable end;

    /** @param end what to do at the end; called by whoever leaves last or retires it */
    public Lease(Runnable end) {
        this.end = end;
    }

    /** Comes in, or answers false when it is retired: then look for what took its place. */
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

    /** Lets nobody in any more; once more changes nothing. */
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
