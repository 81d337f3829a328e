package io.modelward.registry.journal;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.store.catalog.Catalog;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line of the log for each entry of the audit log, soon after the entry was committed: so a change that was
 * undone is in no line. What happened before the start is not told again. Not for several threads.
 */
public final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    /** Of one look; a burst is told in several looks, one after the other. */
    private static final int MOST = 1000;

    private final Catalog catalog;
    private final Consumer<AuditEntry> listener;
    private long told;

    /**
     * Begins after the newest entry.
     *
     * @param listener hears each entry after its line was written
     */
    public Journal(Catalog catalog, Consumer<AuditEntry> listener) {
        this.catalog = catalog;
        this.listener = listener;
        this.told = newest();
    }

    private long newest() {
        return catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1, AuditQuery.about("")).stream()
                .mapToLong(AuditEntry::sequence)
                .findFirst()
                .orElse(0));
    }

    /** Tells what is new; blocking. */
    public void tell() {
        long newest = newest();
        while (told < newest) {
            long until = Math.min(newest, told + MOST);
            List<AuditEntry> entries =
                    catalog.read(tx -> tx.audit().list(until + 1, (int) (until - told), AuditQuery.about("")));
            for (AuditEntry entry : entries.reversed()) {
                // Where an entry is missing, older ones come again.
                if (entry.sequence() > told) {
                    told = entry.sequence();
                    tell(entry);
                    listener.accept(entry);
                }
            }
            told = until;
        }
    }

    private static void tell(AuditEntry entry) {
        JournalLine.of(entry).ifPresent(line -> {
            if (line.alarming()) {
                LOG.warn(line.text());
            } else {
                LOG.info(line.text());
            }
        });
    }
}
