package io.modelward.runtime.onnx;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the users of a thing that must not end while it is used. After {@link #close} no user may enter. The last user
 * to leave ends the thing; when there is no user, {@link #close} ends it.
 */
final class SessionUse implements AutoCloseable {

    private static final int CLOSED = 1 << 30;

    private final AtomicInteger users = new AtomicInteger();
    private final Runnable end;

    /** @param end called once, when there is no user any more */
    SessionUse(Runnable end) {
        this.end = end;
    }

    /** Begins a use; false when it is closed. */
    boolean enter() {
        int before = users.getAndUpdate(count -> (count & CLOSED) != 0 ? count : count + 1);
        return (before & CLOSED) == 0;
    }

    /** Ends a use that began. */
    void leave() {
        if (users.decrementAndGet() == CLOSED) {
            end.run();
        }
    }

    boolean isOpen() {
        return (users.get() & CLOSED) == 0;
    }

    @Override
    public void close() {
        int before = users.getAndUpdate(count -> count | CLOSED);
        if (before == 0) {
            end.run();
        }
    }
}
