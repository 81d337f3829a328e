package io.modelward.store.catalog.sql;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.AuditLog;
import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

record SqlAuditLog(Handle handle) implements AuditLog {

    @Override
    public void append(Change change, String action, String subject, ObjectNode detail) {
        long sequence = handle.createQuery("SELECT coalesce(max(sequence), 0) + 1 FROM audit")
                .mapTo(Long.class)
                .one();
        Inserted.into(RowHash.AUDIT)
                .with(sequence)
                .with(Columns.micros(change.at()))
                .with(change.actor())
                .with(change.verified() ? 1 : 0)
                .with(action)
                .with(subject)
                .with(change.reason())
                .with(Json.write(detail))
                .execute(handle);
    }

    @Override
    public List<AuditEntry> list(long before, int limit, AuditQuery query) {
        return handle.createQuery("SELECT * FROM audit WHERE sequence < :before"
                        + " AND (:subject = '' OR subject = :subject)"
                        + " AND (:actor = '' OR actor = :actor)"
                        + " AND (:action = '' OR action = :action OR substr(action, 1, :length) = :prefix)"
                        + " AND at >= :since AND at < :until ORDER BY sequence DESC LIMIT :limit")
                .bind("before", before)
                .bind("subject", query.subject())
                .bind("actor", query.actor())
                .bind("action", query.action())
                .bind("prefix", query.action() + ".")
                .bind("length", query.action().length() + 1)
                .bind("since", query.since().map(Columns::micros).orElse(Long.MIN_VALUE))
                .bind("until", query.until().map(Columns::micros).orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map((row, context) -> new AuditEntry(
                        row.getLong("sequence"),
                        Columns.change(row, "at"),
                        row.getString("action"),
                        row.getString("subject"),
                        Columns.object(row, "detail")))
                .list();
    }
}
