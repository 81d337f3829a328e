package io.modelward.store.catalog.sql;

import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import io.modelward.core.webhook.WebhookUrl;
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
    public void insert(Webhook webhook) {
        bind(
                        webhook,
                        "INSERT INTO webhooks (id, number, name, description, url, active, secret, created_at,"
                                + " updated_at, last_delivery, dropped)"
                                + " VALUES (:id, :number, :name, :description, :url, :active, :secret, :created,"
                                + " :updated, 0, 0)")
                .bind("number", webhook.number())
                .bind("created", Columns.micros(webhook.createdAt()))
                .execute();
        putEvents(webhook);
    }

    @Override
    public void update(Webhook webhook) {
        bind(
                        webhook,
                        "UPDATE webhooks SET name = :name, description = :description, url = :url, active ="
                                + " :active, secret = :secret,"
                                + " updated_at = :updated WHERE id = :id")
                .execute();
        handle.createUpdate("DELETE FROM webhook_events WHERE webhook = :id")
                .bind("id", webhook.id())
                .execute();
        putEvents(webhook);
    }

    private Update bind(Webhook webhook, String sql) {
        return handle.createUpdate(sql)
                .bind("id", webhook.id())
                .bind("name", webhook.name())
                .bind("description", webhook.description())
                .bind("url", webhook.url().text())
                .bind("active", webhook.active() ? 1 : 0)
                .bind("secret", webhook.secret().orElse(null))
                .bind("updated", Columns.micros(webhook.updatedAt()));
    }

    private void putEvents(Webhook webhook) {
        for (int place = 0; place < webhook.events().size(); place++) {
            handle.createUpdate("INSERT INTO webhook_events (webhook, event, place) VALUES (:webhook, :event, :place)")
                    .bind("webhook", webhook.id())
                    .bind("event", webhook.events().get(place).label())
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
    public Optional<Webhook> find(String id) {
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
    public List<Webhook> list(long before, int limit) {
        return handle.createQuery("SELECT * FROM webhooks WHERE number < :before ORDER BY number DESC LIMIT :limit")
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public List<String> wanting(Event event) {
        return handle.createQuery("SELECT w.id FROM webhook_events e JOIN webhooks w ON w.id = e.webhook"
                        + " WHERE e.event = :event AND w.active = 1 ORDER BY w.number")
                .bind("event", event.label())
                .mapTo(String.class)
                .list();
    }

    private Webhook row(ResultSet row) throws SQLException {
        String id = row.getString("id");
        List<Event> events = handle.createQuery("SELECT event FROM webhook_events WHERE webhook = :id ORDER BY place")
                .bind("id", id)
                .mapTo(String.class)
                .map(Event::of)
                .list();
        return new Webhook(
                id,
                row.getLong("number"),
                row.getString("name"),
                row.getString("description"),
                WebhookUrl.parse(row.getString("url")),
                events,
                row.getLong("active") == 1,
                Optional.ofNullable(row.getString("secret")),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }
}
