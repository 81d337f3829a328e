package io.modelward.store.catalog.sql;

import io.modelward.core.json.Json;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.QuietHours;
import io.modelward.store.catalog.NotificationChannels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import tools.jackson.databind.node.ArrayNode;

record SqlNotificationChannels(Handle handle) implements NotificationChannels {

    @Override
    public void insert(NotificationChannel channel) {
        bind(
                        channel,
                        "INSERT INTO notification_channels (id, name, kind, target, shown, secret, events, models,"
                                + " endpoints, quiet, zone, repeat_seconds, created_at, updated_at, last_message,"
                                + " last_delivery) VALUES (:id, :name, :kind, :target, :shown, :secret, :events,"
                                + " :models, :endpoints, :quiet, :zone, :repeat, :created, :updated, 0, 0)")
                .bind("name", channel.name())
                .bind("created", Columns.micros(channel.createdAt()))
                .execute();
    }

    @Override
    public void update(NotificationChannel channel) {
        bind(
                        channel,
                        "UPDATE notification_channels SET kind = :kind, target = :target, shown = :shown, secret ="
                                + " :secret, events = :events, models = :models, endpoints = :endpoints, quiet ="
                                + " :quiet, zone = :zone, repeat_seconds = :repeat, updated_at = :updated"
                                + " WHERE id = :id")
                .execute();
    }

    private Update bind(NotificationChannel channel, String sql) {
        return handle.createUpdate(sql)
                .bind("id", channel.id())
                .bind("kind", channel.kind().name())
                .bind("target", channel.target())
                .bind("shown", channel.shown())
                .bind("secret", channel.secret().orElse(null))
                .bind(
                        "events",
                        list(channel.filter().events().stream()
                                .map(NotificationEvent::label)
                                .toList()))
                .bind("models", list(channel.filter().models()))
                .bind("endpoints", list(channel.filter().endpoints()))
                .bind("quiet", channel.quiet().map(QuietHours::hours).orElse(null))
                .bind("zone", channel.quiet().map(quiet -> quiet.zone().getId()).orElse(null))
                .bind("repeat", channel.repeat().toSeconds())
                .bind("updated", Columns.micros(channel.updatedAt()));
    }

    @Override
    public void delete(String id) {
        for (String table : List.of("notification_groups", "notification_deliveries", "notification_messages")) {
            handle.createUpdate("DELETE FROM " + table + " WHERE channel = :id")
                    .bind("id", id)
                    .execute();
        }
        handle.createUpdate("DELETE FROM notification_channels WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    @Override
    public Optional<NotificationChannel> named(String name) {
        return handle.createQuery("SELECT * FROM notification_channels WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> row(row))
                .findOne();
    }

    @Override
    public Optional<NotificationChannel> find(String id) {
        return handle.createQuery("SELECT * FROM notification_channels WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> row(row))
                .findOne();
    }

    @Override
    public List<NotificationChannel> list() {
        return handle.createQuery("SELECT * FROM notification_channels ORDER BY name")
                .map((row, context) -> row(row))
                .list();
    }

    private static NotificationChannel row(ResultSet row) throws SQLException {
        String quiet = row.getString("quiet");
        return new NotificationChannel(
                row.getString("id"),
                row.getString("name"),
                ChannelKind.valueOf(row.getString("kind")),
                row.getString("target"),
                row.getString("shown"),
                Optional.ofNullable(row.getString("secret")),
                new NoticeFilter(
                        texts(row, "events").stream().map(NotificationEvent::of).toList(),
                        texts(row, "models"),
                        texts(row, "endpoints")),
                quiet == null ? Optional.empty() : Optional.of(QuietHours.parse(quiet, row.getString("zone"))),
                Duration.ofSeconds(row.getLong("repeat_seconds")),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }

    private static String list(List<String> texts) {
        ArrayNode json = Json.array();
        texts.forEach(json::add);
        return Json.write(json);
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        List<String> texts = new ArrayList<>();
        Json.parse(row.getString(column), column).forEach(text -> texts.add(text.asString()));
        return texts;
    }
}
