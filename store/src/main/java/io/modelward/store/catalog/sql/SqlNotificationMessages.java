package io.modelward.store.catalog.sql;

import io.modelward.core.notification.ChannelStanding;
import io.modelward.core.notification.MessageKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.store.catalog.NotificationMessages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

record SqlNotificationMessages(Handle handle) implements NotificationMessages {

    @Override
    public Optional<Latest> latest(String channel, Notice notice) {
        return handle.createQuery("SELECT message, due FROM notification_groups WHERE channel = :channel"
                        + " AND event = :event AND subject = :subject")
                .bind("channel", channel)
                .bind("event", notice.event().label())
                .bind("subject", notice.subject())
                .map((row, context) -> new Latest(row.getLong("message"), Columns.instant(row, "due")))
                .findOne();
    }

    @Override
    public NotificationMessage add(String channel, MessageKind kind, Instant due, Instant at) {
        handle.createUpdate("UPDATE notification_channels SET last_message = last_message + 1 WHERE id = :channel")
                .bind("channel", channel)
                .execute();
        handle.createUpdate("INSERT INTO notification_messages (channel, number, kind, due, content, deliveries,"
                        + " left_out, created_at, state, waiting, tries, next_try, status, error)"
                        + " SELECT id, last_message, :kind, :due, '', 0, 0, :at, 'WAITING', 1, 0, :due, 0, ''"
                        + " FROM notification_channels WHERE id = :channel")
                .bind("channel", channel)
                .bind("kind", kind.name())
                .bind("due", Columns.micros(due))
                .bind("at", Columns.micros(at))
                .execute();
        return one(handle.createQuery("SELECT m.* FROM notification_channels c JOIN notification_messages m"
                                + " ON m.channel = c.id AND m.number = c.last_message WHERE c.id = :channel")
                        .bind("channel", channel))
                .orElseThrow();
    }

    @Override
    public void join(NotificationMessage message, Notice notice, long most) {
        boolean full = message.deliveries() >= most;
        String counter = full ? "left_out" : "deliveries";
        handle.createUpdate("UPDATE notification_messages SET " + counter + " = " + counter
                        + " + 1 WHERE channel = :channel AND number = :number")
                .bind("channel", message.channel())
                .bind("number", message.number())
                .execute();
        if (!full) {
            handle.createUpdate(
                            "UPDATE notification_channels SET last_delivery = last_delivery + 1 WHERE id = :channel")
                    .bind("channel", message.channel())
                    .execute();
            handle.createUpdate("INSERT INTO notification_deliveries (channel, number, message, event, title, notice,"
                            + " at) SELECT id, last_delivery, :message, :event, :title, :notice, :at"
                            + " FROM notification_channels WHERE id = :channel")
                    .bind("channel", message.channel())
                    .bind("message", message.number())
                    .bind("event", notice.event().label())
                    .bind("title", notice.title())
                    .bind("notice", SqlNotices.rest(notice))
                    .bind("at", Columns.micros(notice.at()))
                    .execute();
        }
        handle.createUpdate("INSERT INTO notification_groups (channel, event, subject, message, due)"
                        + " VALUES (:channel, :event, :subject, :message, :due)"
                        + " ON CONFLICT (channel, event, subject) DO UPDATE SET message = excluded.message,"
                        + " due = excluded.due")
                .bind("channel", message.channel())
                .bind("event", notice.event().label())
                .bind("subject", notice.subject())
                .bind("message", message.number())
                .bind("due", Columns.micros(message.due()))
                .execute();
    }

    @Override
    public Optional<NotificationMessage> find(String channel, long number) {
        return one(
                handle.createQuery("SELECT * FROM notification_messages WHERE channel = :channel AND number = :number")
                        .bind("channel", channel)
                        .bind("number", number));
    }

    private static final String OPEN = "SELECT * FROM notification_messages WHERE channel = :channel AND waiting = 1"
            + " AND tries = 0 AND content = '' AND kind = :kind";

    @Override
    public Optional<NotificationMessage> open(String channel, MessageKind kind) {
        return one(handle.createQuery(OPEN + " ORDER BY due, number LIMIT 1")
                .bind("channel", channel)
                .bind("kind", kind.name()));
    }

    @Override
    public Optional<NotificationMessage> open(String channel, MessageKind kind, Instant due) {
        return one(handle.createQuery(OPEN + " AND due = :due ORDER BY number LIMIT 1")
                .bind("channel", channel)
                .bind("kind", kind.name())
                .bind("due", Columns.micros(due)));
    }

    @Override
    public Window window(String channel, Instant after, Instant before) {
        return handle.createQuery("SELECT count(*) AS messages, min(due) AS first FROM notification_messages"
                        + " WHERE channel = :channel AND due > :after AND due < :before")
                .bind("channel", channel)
                .bind("after", Columns.micros(after))
                .bind("before", Columns.micros(before))
                .map((row, context) -> new Window(row.getLong("messages"), Columns.optionalInstant(row, "first")))
                .one();
    }

    @Override
    public Map<NotificationEvent, Long> counts(NotificationMessage message) {
        Map<NotificationEvent, Long> counts = new LinkedHashMap<>();
        handle.createQuery("SELECT event, count(*) AS notices FROM notification_deliveries WHERE channel = :channel"
                        + " AND message = :message GROUP BY event ORDER BY notices DESC, event")
                .bind("channel", message.channel())
                .bind("message", message.number())
                .map((row, context) -> Map.entry(NotificationEvent.of(row.getString("event")), row.getLong("notices")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    @Override
    public List<Notice> newest(NotificationMessage message, int limit) {
        return handle.createQuery("SELECT * FROM notification_deliveries WHERE channel = :channel"
                        + " AND message = :message ORDER BY number DESC LIMIT :limit")
                .bind("channel", message.channel())
                .bind("message", message.number())
                .bind("limit", limit)
                .map((row, context) -> SqlNotices.notice(
                        NotificationEvent.of(row.getString("event")),
                        row.getString("title"),
                        Columns.instant(row, "at"),
                        row.getString("notice")))
                .list();
    }

    @Override
    public List<NotificationMessage> due(Instant now, int limit) {
        return handle.createQuery("SELECT m.* FROM notification_channels c JOIN notification_messages m"
                        + " ON m.channel = c.id AND m.number = (SELECT n.number FROM notification_messages n"
                        + " WHERE n.channel = c.id AND n.waiting = 1 AND n.next_try <= :now"
                        + " ORDER BY n.next_try, n.number LIMIT 1)"
                        + " ORDER BY m.next_try, c.name LIMIT :limit")
                .bind("now", Columns.micros(now))
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
    }

    @Override
    public Optional<NotificationMessage> due(String channel, long number, Instant now) {
        return one(
                handle.createQuery("SELECT * FROM notification_messages WHERE channel = :channel AND number = :number"
                                + " AND waiting = 1 AND next_try <= :now")
                        .bind("channel", channel)
                        .bind("number", number)
                        .bind("now", Columns.micros(now)));
    }

    @Override
    public void update(NotificationMessage message) {
        handle.createUpdate("UPDATE notification_messages SET content = :content, state = :state, waiting = :waiting,"
                        + " tries = :tries, next_try = :next, tried_at = :tried, status = :status, error = :error"
                        + " WHERE channel = :channel AND number = :number")
                .bind("content", message.content())
                .bind("state", message.state().name())
                .bind("waiting", message.state() == DeliveryState.WAITING ? 1 : 0)
                .bind("tries", message.tries())
                .bind("next", Columns.micros(message.nextTry()))
                .bind("tried", Columns.microsOrNull(message.triedAt()))
                .bind("status", message.status())
                .bind("error", message.error())
                .bind("channel", message.channel())
                .bind("number", message.number())
                .execute();
    }

    @Override
    public void hasten(String channel, Instant at) {
        handle.createUpdate("UPDATE notification_messages SET next_try = :at WHERE channel = :channel AND waiting = 1"
                        + " AND tries > 0 AND next_try > :at")
                .bind("channel", channel)
                .bind("at", Columns.micros(at))
                .execute();
    }

    @Override
    public ChannelStanding standing(String channel) {
        long waiting = handle.createQuery(
                        "SELECT count(*) FROM notification_messages WHERE channel = :channel AND waiting = 1")
                .bind("channel", channel)
                .mapTo(Long.class)
                .one();
        return new ChannelStanding(
                waiting,
                one(handle.createQuery(
                                "SELECT * FROM notification_messages WHERE channel = :channel AND tried_at IS NOT"
                                        + " NULL ORDER BY tried_at DESC, number DESC LIMIT 1")
                        .bind("channel", channel)));
    }

    @Override
    public List<NotificationDelivery> deliveries(String channel, long before, int limit) {
        return handle.createQuery("SELECT d.number AS delivery, d.event, d.title, d.at, m.*"
                        + " FROM notification_deliveries d JOIN notification_messages m"
                        + " ON m.channel = d.channel AND m.number = d.message"
                        + " WHERE d.channel = :channel AND d.number < :before ORDER BY d.number DESC LIMIT :limit")
                .bind("channel", channel)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> new NotificationDelivery(
                        row.getLong("delivery"),
                        NotificationEvent.of(row.getString("event")),
                        row.getString("title"),
                        Columns.instant(row, "at"),
                        row(row)))
                .list();
    }

    @Override
    public int forget(Instant before, long most, int limit) {
        List<NotificationMessage> old = handle.createQuery(
                        "SELECT * FROM notification_messages WHERE waiting = 0 AND tried_at < :before"
                                + " ORDER BY tried_at LIMIT :limit")
                .bind("before", Columns.micros(before))
                .bind("limit", limit)
                .map((row, context) -> row(row))
                .list();
        for (NotificationMessage message : old) {
            handle.createUpdate("DELETE FROM notification_deliveries WHERE channel = :channel AND message = :number")
                    .bind("channel", message.channel())
                    .bind("number", message.number())
                    .execute();
            handle.createUpdate("DELETE FROM notification_messages WHERE channel = :channel AND number = :number")
                    .bind("channel", message.channel())
                    .bind("number", message.number())
                    .execute();
        }
        handle.createUpdate("DELETE FROM notification_groups WHERE due < :before")
                .bind("before", Columns.micros(before))
                .execute();
        handle.createUpdate("DELETE FROM notification_deliveries WHERE number <= (SELECT c.last_delivery - :most"
                        + " FROM notification_channels c WHERE c.id = notification_deliveries.channel)"
                        + " AND NOT EXISTS (SELECT 1 FROM notification_messages m"
                        + " WHERE m.channel = notification_deliveries.channel"
                        + " AND m.number = notification_deliveries.message AND m.waiting = 1)")
                .bind("most", most)
                .execute();
        return old.size();
    }

    private static Optional<NotificationMessage> one(Query query) {
        return query.map((row, context) -> row(row)).findOne();
    }

    private static NotificationMessage row(ResultSet row) throws SQLException {
        return new NotificationMessage(
                row.getString("channel"),
                row.getLong("number"),
                MessageKind.valueOf(row.getString("kind")),
                Columns.instant(row, "due"),
                row.getString("content"),
                row.getLong("deliveries"),
                row.getLong("left_out"),
                Columns.instant(row, "created_at"),
                DeliveryState.valueOf(row.getString("state")),
                row.getInt("tries"),
                Columns.instant(row, "next_try"),
                Columns.optionalInstant(row, "tried_at"),
                row.getInt("status"),
                row.getString("error"));
    }
}
