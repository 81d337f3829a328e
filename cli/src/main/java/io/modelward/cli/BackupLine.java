package io.modelward.cli;

import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows on a terminal how far a backup is: one line, drawn again at most each second. Elsewhere it shows nothing. */
final class BackupLine implements AutoCloseable {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final OptionalInt columns;
    private final LongSupplier nanos;
    private long drawnAt;
    private boolean drawn;

    /** @param columns of the terminal; empty where there is none */
    BackupLine(PrintWriter err, OptionalInt columns, LongSupplier nanos) {
        this.err = err;
        this.columns = columns;
        this.nanos = nanos;
        this.drawnAt = nanos.getAsLong() - EVERY_NANOS;
    }

    /**
     * Shows how far it is.
     *
     * @param files that were looked at
     * @param all that there are to look at; 0 while it is not known
     * @param bytes that were copied
     */
    void draw(long files, long all, long bytes) {
        long now = nanos.getAsLong();
        if (columns.isEmpty() || now - drawnAt < EVERY_NANOS) {
            return;
        }
        drawnAt = now;
        drawn = true;
        String text = all == 0
                ? "Copying the catalog"
                : files + " of " + Text.plural(all, "file") + ", " + Sizes.human(bytes) + " copied";
        err.print(CLEAR + Cells.cut(text, columns.getAsInt()));
        err.flush();
    }

    /** The line gives way to what the command says at its end. */
    @Override
    public void close() {
        if (drawn) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
