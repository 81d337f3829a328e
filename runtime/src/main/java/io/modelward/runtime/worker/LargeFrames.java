package io.modelward.runtime.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets few large answers of workers be in memory at a time before they are handed over to their callers, whose memory
 * is counted: a model's thread enters when a large frame begins, and leaves when all of the frame is handed over.
 */
public final class LargeFrames {

    /** In bytes; smaller frames are not counted. */
    private static final int LARGE = 4 << 20;

    private static final int AT_ONCE = 1;
    private static final int PATIENCE_SECONDS = 5;

    private final Semaphore places = new Semaphore(AT_ONCE, true);
    /** Whether this thread is in. */
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    /** Waits a while for a place; false when there is none. */
    public boolean enter(int size) {
        if (size <= LARGE || inside.get()) {
            return true;
        }
        try {
            boolean entered = places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
            inside.set(entered);
            return entered;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether this thread has entered and not left. */
    public boolean isInside() {
        return inside.get();
    }

    /** Leaves, when this thread has entered; otherwise nothing happens. */
    public void leave() {
        if (inside.get()) {
            inside.set(false);
            places.release();
        }
    }
}
