package io.modelward.store.catalog.sql;

import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryStanding;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.store.catalog.Deliveries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlDeliveries(Handle handle) implements Deliveries {

    /** The oldest delivery of the webhook w that waits. */
    private static final String HEAD =
            "(SELECT min(d.sequence) FROM webhook_deliveries d WHERE d.webhook = w.id AND d.waiting = 1)";

    /** Deliveries end in order, so that all from the head on wait: counting takes no look at them. */
    private static final String WAITING = "coalesce(w.last_delivery - " + HEAD + " + 1, 0)";

    @Override
    public void add(String webhook, Event event, String body, Instant at, long most) {
        boolean full = handle.createQuery("SELECT " + WAITING + " FROM webhooks w WHERE w.id = :webhook")
                        .bind("webhook", webhook)
                        .mapTo(Long.class)
                        .one()
                >= most;
        String counter = full ? "dropped" : "last_delivery";
        handle.createUpdate("UPDATE webhooks SET " + counter + " = " + counter + " + 1 WHERE id = :webhook")
                .bind("webhook", webhook)
                .execute();
        if (!full) {
            handle.createUpdate("INSERT INTO webhook_deliveries (webhook, sequence, event, body, created_at, state,"
                            + " waiting, tries, next_try, status, error)"
                            + " SELECT id, last_delivery, :event, :body, :at, 'WAITING', 1, 0, :at, 0, ''"
                            + " FROM webhooks WHERE id = :webhook")
                    .bind("webhook", webhook)
                    .bind("event", event.label())
                    .bind("body", body)
                    .bind("at", Columns.micros(at))
                    .execute();
        }
    }

    @Override
    public List<Delivery> due(Instant now, int limit) {
        return handle.createQuery(
                        "SELECT h.* FROM webhooks w JOIN webhook_deliveries h ON h.webhook = w.id AND h.sequence = "
                                + HEAD
                                + " WHERE w.active = 1 AND h.next_try <= :now ORDER BY h.next_try, w.number"
                                + " LIMIT :limit")
                .bind("now", Columns.micros(now))
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public Optional<Delivery> due(String webhook, long sequence, Instant now) {
        return handle.createQuery("SELECT * FROM webhook_deliveries WHERE webhook = :webhook AND sequence = :sequence"
                        + " AND waiting = 1 AND next_try <= :now")
                .bind("webhook", webhook)
                .bind("sequence", sequence)
                .bind("now", Columns.micros(now))
                .map((row, context) -> row(row))
                .findOne();
    }

    @Override
    public void update(Delivery delivery) {
        boolean waiting = delivery.state() == DeliveryState.WAITING;
        handle.createUpdate("UPDATE webhook_deliveries SET state = :state, waiting = :waiting, tries = :tries,"
                        + " next_try = :next, tried_at = :tried,"
                        + " status = :status, error = :error, body = :body WHERE webhook = :webhook AND"
                        + " sequence = :sequence")
                .bind("state", delivery.state().name())
                .bind("waiting", waiting ? 1 : 0)
                .bind("tries", delivery.tries())
                .bind("next", Columns.micros(delivery.nextTry()))
                .bind("tried", Columns.microsOrNull(delivery.triedAt()))
                .bind("status", delivery.status())
                .bind("error", delivery.error())
                .bind("body", waiting ? delivery.body() : "")
                .bind("webhook", delivery.webhook())
                .bind("sequence", delivery.sequence())
                .execute();
    }

    @Override
    public void hasten(String webhook, Instant at) {
        handle.createUpdate("UPDATE webhook_deliveries SET next_try = :at WHERE webhook = :webhook AND waiting = 1"
                        + " AND next_try > :at")
                .bind("webhook", webhook)
                .bind("at", Columns.micros(at))
                .execute();
    }

    @Override
    public DeliveryStanding standing(String webhook) {
        return handle.createQuery("SELECT " + WAITING + " AS waiting, w.dropped FROM webhooks w WHERE w.id = :webhook")
                .bind("webhook", webhook)
                .map((row, context) -> new DeliveryStanding(
                        row.getLong("waiting"),
                        row.getLong("dropped"),
                        handle.createQuery("SELECT * FROM webhook_deliveries WHERE webhook = :webhook AND tried_at"
                                        + " IS NOT NULL"
                                        + " ORDER BY tried_at DESC, sequence DESC LIMIT 1")
                                .bind("webhook", webhook)
                                .map((last, inner) -> row(last))
                                .findOne()))
                .one();
    }

    @Override
    public int forget(Instant before, int limit) {
        return handle.createUpdate(
                        "DELETE FROM webhook_deliveries WHERE (webhook, sequence) IN (SELECT webhook, sequence"
                                + " FROM webhook_deliveries"
                                + " WHERE waiting = 0 AND tried_at < :before ORDER BY tried_at LIMIT :limit)")
                .bind("before", Columns.micros(before))
                .bind("limit", limit)
                .execute();
    }

    private static Delivery row(ResultSet row) throws SQLException {
        return new Delivery(
                row.getString("webhook"),
                row.getLong("sequence"),
                Event.of(row.getString("event")),
                row.getString("body"),
                Columns.instant(row, "created_at"),
                DeliveryState.valueOf(row.getString("state")),
                row.getInt("tries"),
                Columns.instant(row, "next_try"),
                Columns.optionalInstant(row, "tried_at"),
                row.getInt("status"),
                row.getString("error"));
    }
}
