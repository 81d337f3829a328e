package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.AuditLog;
import io.modelward.store.catalog.Change;
import java.util.List;
import org.jdbi.v3.core.Handle;

record SqlAuditLog(Handle handle) implements AuditLog {

    @Override
    public void append(Change change, String action, String subject, String detail) {
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
                .with(detail)
                .execute(handle);
    }

    @Override
    public List<Entry> list(long before, int limit, String subject) {
        return handle.createQuery(
                        "SELECT * FROM audit WHERE sequence < :before AND (:subject = '' OR subject = :subject)"
                                + " ORDER BY sequence DESC LIMIT :limit")
                .bind("before", before)
                .bind("subject", subject)
                .bind("limit", limit)
                .map((row, context) -> new Entry(
                        row.getLong("sequence"),
                        Columns.change(row, "at"),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("detail")))
                .list();
    }
}
