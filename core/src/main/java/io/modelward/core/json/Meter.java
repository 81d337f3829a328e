package io.modelward.core.json;

import io.modelward.core.memory.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a tree of JSON takes while it is built, and takes the memory for it in steps before it is used. The
 * counts are those of a 64-bit JVM with compressed references.
 */
public final class Meter {

    private static final int LARGEST_STEP = 64 << 10;
    private static final int SMALLEST_STEP = 1 << 10;
    private static final int OBJECT = 160;
    private static final int MEMBER = 104;
    private static final int ARRAY = 64;
    private static final int ELEMENT = 6;
    private static final int TEXT = 64;
    private static final int NUMBER = 24;

    private final @Nullable Reservation reservation;
    private long counted;
    private long taken;

    private Meter(@Nullable Reservation reservation) {
        this.reservation = reservation;
    }

    /** Counts for nobody. */
    static Meter free() {
        return new Meter(null);
    }

    /** A meter whose memory comes from this reservation. */
    public static Meter of(Reservation reservation) {
        return new Meter(reservation);
    }

    void object() {
        add(OBJECT);
    }

    void member(String name) {
        add(MEMBER + name.length());
    }

    void array() {
        add(ARRAY);
    }

    void element() {
        add(ELEMENT);
    }

    void text(int characters) {
        add(TEXT + 2L * characters);
    }

    void number(int digits) {
        add(NUMBER + digits);
    }

    /** Takes memory for something else that is kept. */
    public void add(long bytes) {
        counted += bytes;
        if (counted > taken && reservation != null) {
            long step = Math.clamp(counted / 2, SMALLEST_STEP, LARGEST_STEP);
            long more = Math.max(step, counted - taken);
            reservation.grow(more);
            taken += more;
        }
    }

    /** What was counted so far. */
    public long counted() {
        return counted;
    }

    /** The tree is not in use any more: all that was taken is given back. */
    public void close() {
        if (reservation != null) {
            reservation.shrink(taken);
        }
        counted = 0;
        taken = 0;
    }

    /** What was counted since {@code mark} is not in use any more. What it took is kept for what comes next. */
    public void back(long mark) {
        counted = mark;
    }
}
