package io.modelward.cli;

import io.modelward.client.TransferProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** Shows the transfer of one file: a moving bar on a terminal, one line at the end elsewhere. */
final class TransferBar implements TransferProgress, AutoCloseable {

    private static final long EVERY_NANOS = 100_000_000;
    private static final int CELLS = 24;
    private static final int LEAST_CELLS = 8;
    private static final int LONGEST_NAME = 28;
    private static final int LEAST_NAME = 12;
    private static final int LEAST_PATH = 4;
    /** What a bar's line has beside its name and its cells: brackets, percent, sizes and speed. */
    private static final int NUMBERS = 47;

    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final OptionalInt columns;
    private final LongSupplier nanos;
    private final String label;
    private final String name;
    private final long size;
    private final long started;
    private long movingSince;
    private long drawnAt;
    private boolean drawn;

    /**
     * @param columns of the terminal where the bar is drawn; empty where there is none
     * @param label what the file belongs to, such as a version; may be empty
     */
    TransferBar(PrintWriter err, OptionalInt columns, LongSupplier nanos, String label, String name, long size) {
        this.err = err;
        this.columns = columns;
        this.nanos = nanos;
        this.label = label.isEmpty() ? "" : Text.harmless(label) + " ";
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
        if (columns.isPresent() && now - drawnAt >= EVERY_NANOS) {
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
            err.println(verb + " " + label + name + " (" + Sizes.human(size) + ")");
        }
        err.flush();
    }

    String bar(long bytes, long elapsedNanos) {
        double part = size == 0 ? 1 : Math.min(1.0, (double) bytes / size);
        int room = columns.orElse(Integer.MAX_VALUE) - NUMBERS;
        int cells = Math.clamp((long) room - LONGEST_NAME, LEAST_CELLS, CELLS);
        int full = (int) (part * cells);
        String shown = shown(Math.clamp((long) room - cells, LEAST_NAME, LONGEST_NAME));
        long perSecond = elapsedNanos <= 0 ? 0 : (long) (bytes * 1e9 / elapsedNanos);
        return String.format(
                Locale.ROOT,
                "%s  [%s%s] %3d%%  %s of %s  %s/s",
                shown,
                "#".repeat(full),
                "-".repeat(cells - full),
                (int) (part * 100),
                Sizes.human(bytes),
                Sizes.human(size),
                Sizes.human(perSecond));
    }

    /** The end of a path tells more than its beginning; a label is shown whole or cut before its version. */
    private String shown(int width) {
        if (Cells.width(label + name) <= width) {
            return label + name;
        }
        String owner = label.strip();
        String start = owner.isEmpty() ? "" : Cells.cut(owner, Math.max(width / 2, Cells.least(owner, 0))) + " ";
        int room = width - Cells.width(start);
        if (room < LEAST_PATH) {
            return start.strip();
        }
        return start + (name.length() <= room ? name : Cells.CUT + name.substring(name.length() - room + 1));
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
