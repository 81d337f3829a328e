package io.modelward.registry;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.AuditEntry;
import io.modelward.store.catalog.Catalog;

/** Reads the audit log. */
public final class AuditService {

    private final Access access;
    private final Catalog catalog;

    public AuditService(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /**
     * Entries numbered below {@code before}, newest first.
     *
     * @param subject only those about this model ({@code namespace/name}) or endpoint ({@code endpoint:name}); empty:
     *     all
     */
    public Page<AuditEntry> list(long before, int size, String subject) {
        access.require(Action.READ, Resource.AUDIT_LOG);
        return catalog.read(tx ->
                Page.of(tx.audit().list(before, size + 1, subject), size, entry -> Long.toString(entry.sequence())));
    }
}
