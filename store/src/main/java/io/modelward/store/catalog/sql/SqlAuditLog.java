package io.modelward.store.catalog.sql;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.AuditLog;
import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

record SqlAuditLog(Handle handle) implements AuditLog {

    /** No action has a detail of this name. */
    private static final String VIA = "via";

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
                .with(Json.write(change.via().equals(Via.NONE) ? detail : withVia(detail, change.via())))
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
                .map(SqlAuditLog::entry)
                .list();
    }

    /** By what an actor was verified lies in the text of the details, so that the hash of the row covers it too. */
    private static ObjectNode withVia(ObjectNode detail, Via via) {
        ObjectNode whole = detail.deepCopy();
        whole.putObject(VIA).put("credential", via.credential()).put("address", via.address());
        return whole;
    }

    private static AuditEntry entry(AuditEntry kept) {
        JsonNode via = kept.detail().path(VIA);
        if (!via.isObject()) {
            return kept;
        }
        Change change = kept.change();
        ObjectNode rest = kept.detail().deepCopy();
        rest.remove(VIA);
        return new AuditEntry(
                kept.sequence(),
                new Change(
                        change.at(),
                        change.actor(),
                        change.verified(),
                        change.reason(),
                        new Via(
                                via.path("credential").asString(""),
                                via.path("address").asString(""))),
                kept.action(),
                kept.subject(),
                rest);
    }
}
