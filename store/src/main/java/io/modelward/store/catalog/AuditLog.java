package io.modelward.store.catalog;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.audit.Change;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The append-only log of changes. Entries' text is kept as written. */
public interface AuditLog {

    /** Appends an entry in the transaction of the change that it records. */
    void append(Change change, String action, String subject, ObjectNode detail);

    /** Entries below {@code before}, newest first, at most {@code limit}; about one subject when it is not empty. */
    default List<AuditEntry> list(long before, int limit, String subject) {
        return list(before, limit, AuditQuery.about(subject));
    }

    /** Entries below {@code before} that are asked for, newest first, at most {@code limit}. */
    List<AuditEntry> list(long before, int limit, AuditQuery query);
}
