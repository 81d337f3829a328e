package io.modelward.core.memory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.function.Supplier;

/**
 * Memory that one request has been given. It may be used by several threads one after the other, and closed by any,
 * also while another still grows it: after the close nothing is held.
 */
public final class Reservation implements AutoCloseable {

    private final MemoryShare share;
    private final Supplier<String> holder;
    /** Written under this; read by whoever reports, who must not wait for that. */
    private volatile long bytes;

    @GuardedBy("this")
    private boolean closed;

    Reservation(MemoryShare share, Supplier<String> holder) {
        this.share = share;
        this.holder = holder;
    }

    /**
     * Takes more.
     *
     * @throws ProblemException TOO_LARGE when the request alone would take more than there is for its kind, OVERLOADED
     *     when others hold the memory now
     */
    public synchronized void grow(long more) {
        if (closed) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The request has ended already. Send it again.")
                    .exception();
        }
        requirePossible(bytes + more);
        if (!share.take(this, more)) {
            throw overloaded();
        }
        bytes += more;
    }

    /**
     * Refuses early what will need more than is free now. Nothing is taken: who announces much and sends nothing holds
     * nothing.
     *
     * @throws ProblemException as {@link #grow}
     */
    public void expect(long more) {
        requirePossible(more);
        if (!share.hasRoom(more)) {
            throw overloaded();
        }
    }

    private void requirePossible(long whole) {
        if (whole > share.size()) {
            throw Problem.of(
                            ProblemType.TOO_LARGE,
                            "This request would take more than " + (share.size() >> 20)
                                    + " MiB of memory once it is read, and that is the most here. Send fewer or"
                                    + " smaller values at once,"
                                    + " in several requests.")
                    .exception();
        }
    }

    private static ProblemException overloaded() {
        return Problem.of(
                        ProblemType.OVERLOADED,
                        "Other requests hold the memory that this one needs. Send it again in a moment.")
                .with("retry_after", 1)
                .exception();
    }

    /** Gives some back. */
    public synchronized void shrink(long fewer) {
        if (!closed) {
            bytes -= fewer;
            share.giveBack(fewer);
        }
    }

    /** What is held now. */
    public long bytes() {
        return bytes;
    }

    /** For people: what the memory is for. */
    String holder() {
        return holder.get();
    }

    /** Gives all back; once more changes nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            share.giveBack(bytes);
            bytes = 0;
            share.forget(this);
        }
    }
}
