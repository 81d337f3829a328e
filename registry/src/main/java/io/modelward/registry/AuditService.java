package io.modelward.registry;

import io.modelward.core.audit.AuditEntry;
import io.modelward.store.catalog.Catalog;

/** Reads the audit log. */
public final class AuditService {

    private final Catalog catalog;

    public AuditService(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Entries numbered below {@code before}, newest first.
     *
     * @param subject only those about this model ({@code namespace/name}) or endpoint ({@code endpoint:name}); empty: all
     */
    public Page<AuditEntry> list(long before, int size, String subject) {
        return catalog.read(tx ->
                Page.of(tx.audit().list(before, size + 1, subject), size, entry -> Long.toString(entry.sequence())));
    }
}
