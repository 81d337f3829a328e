package io.modelward.store.unit;

import java.util.function.Supplier;

/**
 * Knows which threads run a unit of work, so that what a unit must not do is refused there: a unit may be undone and
 * run again, and while it runs others wait. It asks the catalog's tables and computes; it does no other input or
 * output.
 */
public final class UnitOfWork {

    private static final ThreadLocal<Boolean> RUNNING = new ThreadLocal<>();

    private UnitOfWork() {}

    /** Runs a unit; called by catalogs only. */
    public static <T> T run(Supplier<T> unit) {
        RUNNING.set(true);
        try {
            return unit.get();
        } finally {
            RUNNING.remove();
        }
    }

    /**
     * Called by whatever waits for a disk, a network, a process or another transaction.
     *
     * @param what that it does, such as {@code reads a file}
     * @throws IllegalStateException within a unit of work
     */
    public static void requireNone(String what) {
        if (RUNNING.get() != null) {
            throw new IllegalStateException(
                    "A unit of work does no input or output but SQL, and this one " + what + ".");
        }
    }
}
