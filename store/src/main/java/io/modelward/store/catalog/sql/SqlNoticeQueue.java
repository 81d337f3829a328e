package io.modelward.store.catalog.sql;

import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.store.catalog.NoticeQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlNoticeQueue(Handle handle) implements NoticeQueue {

    @Override
    public void add(Notice notice, long most) {
        handle.createUpdate(
                        "INSERT INTO notices (number, event, subject, model, endpoint, title, body, facts, path, at)"
                                + " SELECT coalesce((SELECT max(number) FROM notices), 0) + 1, :event, :subject, :model,"
                                + " :endpoint, :title, :body, :facts, :path, :at"
                                + " WHERE EXISTS (SELECT 1 FROM notification_channels)"
                                + " AND coalesce((SELECT max(number) - min(number) + 1 FROM notices), 0) < :most")
                .bind("event", notice.event().label())
                .bind("subject", notice.subject())
                .bind("model", notice.model().orElse(null))
                .bind("endpoint", notice.endpoint().orElse(null))
                .bind("title", notice.title())
                .bind("body", notice.text())
                .bind("facts", SqlNotices.facts(notice.facts()))
                .bind("path", notice.path())
                .bind("at", Columns.micros(notice.at()))
                .bind("most", most)
                .execute();
    }

    @Override
    public boolean isEmpty() {
        return handle.createQuery("SELECT number FROM notices LIMIT 1")
                .mapTo(Long.class)
                .findOne()
                .isEmpty();
    }

    @Override
    public List<Notice> take(int limit) {
        record Numbered(long number, Notice notice) {}
        List<Numbered> found = handle.createQuery("SELECT * FROM notices ORDER BY number LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> new Numbered(row.getLong("number"), row(row)))
                .list();
        if (!found.isEmpty()) {
            handle.createUpdate("DELETE FROM notices WHERE number <= :last")
                    .bind("last", found.getLast().number())
                    .execute();
        }
        return found.stream().map(Numbered::notice).toList();
    }

    private static Notice row(ResultSet row) throws SQLException {
        return new Notice(
                NotificationEvent.of(row.getString("event")),
                row.getString("subject"),
                Optional.ofNullable(row.getString("model")),
                Optional.ofNullable(row.getString("endpoint")),
                row.getString("title"),
                row.getString("body"),
                SqlNotices.facts(Columns.object(row, "facts")),
                Columns.instant(row, "at"),
                row.getString("path"));
    }
}
