package io.modelward.registry;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.store.catalog.Catalog;

/** Reads the audit log. */
public final class AuditService {

    private final Access access;
    private final Catalog catalog;

    public AuditService(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /** Entries numbered below {@code before} that are asked for, newest first. */
    public Page<AuditEntry> list(long before, int size, AuditQuery query) {
        access.require(Action.READ, Resource.AUDIT_LOG);
        return catalog.read(tx ->
                Page.of(tx.audit().list(before, size + 1, query), size, entry -> Long.toString(entry.sequence())));
    }
}
