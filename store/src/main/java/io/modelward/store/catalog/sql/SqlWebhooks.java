package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.Webhooks;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

record SqlWebhooks(Handle handle) implements Webhooks {

    @Override
    public long nextNumber() {
        return handle.createQuery("SELECT coalesce(max(number), 0) + 1 FROM webhooks")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void insert(Row row) {
        bind(
                        row,
                        "INSERT INTO webhooks (id, number, name, description, url, active, secret, created_at, updated_at, last_delivery, dropped)"
                                + " VALUES (:id, :number, :name, :description, :url, :active, :secret, :created, :updated, 0, 0)")
                .bind("number", row.number())
                .bind("created", Columns.micros(row.createdAt()))
                .execute();
        putEvents(row);
    }

    @Override
    public void update(Row row) {
        bind(
                        row,
                        "UPDATE webhooks SET name = :name, description = :description, url = :url, active = :active, secret = :secret,"
                                + " updated_at = :updated WHERE id = :id")
                .execute();
        handle.createUpdate("DELETE FROM webhook_events WHERE webhook = :id")
                .bind("id", row.id())
                .execute();
        putEvents(row);
    }

    private Update bind(Row row, String sql) {
        return handle.createUpdate(sql)
                .bind("id", row.id())
                .bind("name", row.name())
                .bind("description", row.description())
                .bind("url", row.url())
                .bind("active", row.active() ? 1 : 0)
                .bind("secret", row.secret().orElse(null))
                .bind("updated", Columns.micros(row.updatedAt()));
    }

    private void putEvents(Row row) {
        for (int place = 0; place < row.events().size(); place++) {
            handle.createUpdate("INSERT INTO webhook_events (webhook, event, place) VALUES (:webhook, :event, :place)")
                    .bind("webhook", row.id())
                    .bind("event", row.events().get(place))
                    .bind("place", place)
                    .execute();
        }
    }

    @Override
    public void delete(String id) {
        for (String of :
                List.of("webhook_deliveries WHERE webhook", "webhook_events WHERE webhook", "webhooks WHERE id")) {
            handle.createUpdate("DELETE FROM " + of + " = :id").bind("id", id).execute();
        }
    }

    @Override
    public Optional<Row> find(String id) {
        return handle.createQuery("SELECT * FROM webhooks WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> row(row))
                .findOne();
    }

    @Override
    public long count() {
        return handle.createQuery("SELECT count(*) FROM webhooks")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<Row> list(long before, int limit) {
        return handle.createQuery("SELECT * FROM webhooks WHERE number < :before ORDER BY number DESC LIMIT :limit")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public List<String> wanting(String event) {
        return handle.createQuery("SELECT w.id FROM webhook_events e JOIN webhooks w ON w.id = e.webhook"
                        + " WHERE e.event = :event AND w.active = 1 ORDER BY w.number")
                .bind("event", event)
                .mapTo(String.class)
                .list();
    }

    private Row row(ResultSet row) throws SQLException {
        String id = row.getString("id");
        List<String> events = handle.createQuery("SELECT event FROM webhook_events WHERE webhook = :id ORDER BY place")
                .bind("id", id)
                .mapTo(String.class)
                .list();
        return new Row(
                id,
                row.getLong("number"),
                row.getString("name"),
                row.getString("description"),
                row.getString("url"),
                events,
                row.getLong("active") == 1,
                Optional.ofNullable(row.getString("secret")),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }
}
