package io.modelward.core.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The memory that requests may take, as a sum. The limit of one request protects nothing when forty arrive together;
 * this does.
 *
 * <p>The budget is divided into shares, one for each kind of work. A share never lends: a flood of one kind of request
 * fills the share of that kind and leaves the others alone. Whoever buffers or parses something opens a
 * {@link Reservation} in a share and grows the reservation before the memory is taken. A reservation that cannot grow
 * is refused at once: nothing ever waits for memory, so nothing can wait for ever.
 *
 * <p>The counts are estimates of what the JVM takes. They err on the high side.
 */
public final class MemoryBudget {

    /** Part of a share from which on the holders are named. */
    private static final double WARNING = 0.8;
    /** They are named again only after all shares were below this part. */
    private static final double QUIET = 0.5;

    private static final int NAMED = 3;

    private final List<MemoryShare> shares = new CopyOnWriteArrayList<>();
    private final Consumer<String> warnings;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** @param warnings is told who holds the memory, when more than 80 % of a share are taken */
    public MemoryBudget(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /**
     * Sets a share aside.
     *
     * @param name for people
     * @param bytes the most that is in use at a time
     */
    public MemoryShare share(String name, long bytes) {
        MemoryShare share = new MemoryShare(name, bytes, this);
        shares.add(share);
        return share;
    }

    public List<MemoryShare> shares() {
        return List.copyOf(shares);
    }

    /**
     * Called after a share has grown or shrunk: names the holders once when a share passes the mark, and again after
     * all were below it.
     */
    void changed() {
        if (warned.get()) {
            if (!isAnyAbove(QUIET)) {
                warned.set(false);
            }
        } else if (isAnyAbove(WARNING) && warned.compareAndSet(false, true)) {
            warnings.accept(words());
        }
    }

    private boolean isAnyAbove(double part) {
        for (MemoryShare share : shares) {
            if (share.used() > share.size() * part) {
                return true;
            }
        }
        return false;
    }

    /** Who holds how much, the largest first. */
    public String words() {
        StringBuilder text = new StringBuilder("memory for requests:");
        for (MemoryShare share : shares) {
            if (share.used() == 0) {
                continue;
            }
            List<Holder> holders = new ArrayList<>();
            share.holders().forEach(holder -> holders.add(new Holder(holder.holder(), holder.bytes())));
            holders.sort(Comparator.comparingLong(Holder::bytes).reversed());
            text.append(' ')
                    .append(share.name())
                    .append(' ')
                    .append(mebibytes(share.used()))
                    .append(" of ")
                    .append(mebibytes(share.size()))
                    .append(" MiB");
            if (!holders.isEmpty()) {
                text.append(" (");
                for (int i = 0; i < Math.min(NAMED, holders.size()); i++) {
                    text.append(i > 0 ? ", " : "")
                            .append(holders.get(i).name())
                            .append(' ')
                            .append(mebibytes(holders.get(i).bytes()));
                }
                text.append(holders.size() > NAMED ? ", and " + (holders.size() - NAMED) + " more)" : ")");
            }
            text.append(';');
        }
        return text.toString();
    }

    private record Holder(String name, long bytes) {}

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1 << 20));
    }
}
