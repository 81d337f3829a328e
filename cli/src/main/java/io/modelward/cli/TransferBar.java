package io.modelward.cli;

import io.modelward.client.TransferProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Shows the transfer of one file: a moving bar on a terminal, one line at the end elsewhere. */
final class TransferBar implements TransferProgress, AutoCloseable {

    private static final long EVERY_NANOS = 100_000_000;
    private static final int CELLS = 24;
    private static final int LONGEST_NAME = 28;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final String name;
    private final long size;
    private final long started;
    private long movingSince;
    private long drawnAt;
    private boolean drawn;

    TransferBar(PrintWriter err, boolean terminal, LongSupplier nanos, String name, long size) {
        this.err = err;
        this.terminal = terminal;
        this.nanos = nanos;
        this.name = Text.harmless(name);
        this.size = size;
        this.started = nanos.getAsLong();
        this.movingSince = started;
        this.drawnAt = started;
    }

    @Override
    public void hashed(long bytes) {
        movingSince = nanos.getAsLong();
        draw("hashing", bytes, started);
    }

    @Override
    public void moved(long bytes) {
        draw("", bytes, movingSince);
    }

    private void draw(String what, long bytes, long since) {
        long now = nanos.getAsLong();
        if (terminal && now - drawnAt >= EVERY_NANOS) {
            drawnAt = now;
            drawn = true;
            err.print(CLEAR + bar(bytes, now - since) + (what.isEmpty() ? "" : "  " + what));
            err.flush();
        }
    }

    /** The file is over. */
    void done(String verb) {
        long now = nanos.getAsLong();
        if (drawn) {
            err.println(CLEAR + bar(size, now - movingSince));
            drawn = false;
        } else {
            err.println(verb + " " + name + " (" + Sizes.human(size) + ")");
        }
        err.flush();
    }

    String bar(long bytes, long elapsedNanos) {
        double part = size == 0 ? 1 : Math.min(1.0, (double) bytes / size);
        int full = (int) (part * CELLS);
        String shown = name.length() > LONGEST_NAME ? "..." + name.substring(name.length() - LONGEST_NAME + 3) : name;
        long perSecond = elapsedNanos <= 0 ? 0 : (long) (bytes * 1e9 / elapsedNanos);
        return String.format(
                Locale.ROOT,
                "%s  [%s%s] %3d%%  %s of %s  %s/s",
                shown,
                "#".repeat(full),
                "-".repeat(CELLS - full),
                (int) (part * 100),
                Sizes.human(bytes),
                Sizes.human(size),
                Sizes.human(perSecond));
    }

    /** Leaves an unfinished bar's line. */
    @Override
    public void close() {
        if (drawn) {
            err.println();
            err.flush();
        }
    }
}
