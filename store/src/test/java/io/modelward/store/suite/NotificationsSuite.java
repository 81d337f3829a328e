package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.MessageKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.notification.QuietHours;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.NotificationMessages.Latest;
import io.modelward.store.catalog.NotificationMessages.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with notices, channels and messages. */
public abstract class NotificationsSuite {

    private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L, 123_456_000);

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private static NotificationChannel channel(String id, String name) {
        return new NotificationChannel(
                id,
                name,
                ChannelKind.SLACK,
                "sealed",
                "https://hooks.example/…",
                Optional.of("secret"),
                new NoticeFilter(List.of(NotificationEvent.JOB_FAILED), List.of("a/*"), List.of("iris")),
                Optional.of(QuietHours.parse("22:00-07:00", "Europe/Berlin")),
                Duration.ofMinutes(90),
                AT,
                AT);
    }

    private static Notice notice(String subject) {
        return Notice.of(
                        NotificationEvent.JOB_FAILED,
                        subject,
                        "title " + subject + "\u0000\ud800 it's \"quoted\" ü",
                        "text",
                        AT,
                        "/ui/x")
                .aboutModel("a/iris")
                .fact("b", "1")
                .fact("a", "2");
    }

    @Test
    void a_notice_is_kept_as_it_is_and_taken_in_order_and_nothing_is_kept_while_there_is_no_channel() {
        catalog.write(tx -> {
            tx.noticeQueue().add(notice("nobody"), 10);
            tx.notificationChannels().insert(channel("1", "team"));
            for (int i = 0; i < 5; i++) {
                tx.noticeQueue().add(notice("s" + i), 4);
            }
            return true;
        });
        assertThat(catalog.<List<Notice>>write(tx -> tx.noticeQueue().take(3)))
                .containsExactly(notice("s0"), notice("s1"), notice("s2"));
        assertThat(catalog.<List<Notice>>write(tx -> tx.noticeQueue().take(3)))
                .as("more than may wait is not kept")
                .containsExactly(notice("s3"));
        assertThat(catalog.<Boolean>read(tx -> tx.noticeQueue().isEmpty())).isTrue();
    }

    @Test
    void a_channel_is_kept_as_it_is_until_it_is_changed_or_forgotten() {
        NotificationChannel team = channel("1", "team");
        catalog.write(tx -> {
            tx.notificationChannels().insert(team);
            tx.notificationChannels().insert(channel("2", "ops"));
            NotificationMessage message = tx.notificationMessages().add("1", MessageKind.SINGLE, AT, AT);
            tx.notificationMessages().join(message, notice("s"), 10);
            return true;
        });
        assertThat(catalog.<Optional<NotificationChannel>>read(
                        tx -> tx.notificationChannels().named("team")))
                .contains(team);
        catalog.write(tx -> {
            tx.notificationChannels().delete("1");
            return true;
        });
        assertThat(catalog.<List<NotificationChannel>>read(
                        tx -> tx.notificationChannels().list()))
                .containsExactly(channel("2", "ops"));
        assertThat(catalog.<List<NotificationDelivery>>read(
                        tx -> tx.notificationMessages().deliveries("1", 10, 10)))
                .isEmpty();
    }

    @Test
    void a_message_takes_notices_in_until_it_is_written_and_is_due_until_it_ended() {
        catalog.write(tx -> {
            tx.notificationChannels().insert(channel("1", "team"));
            NotificationMessage message =
                    tx.notificationMessages().add("1", MessageKind.SUMMARY, AT.plusSeconds(60), AT);
            for (String subject : List.of("s1", "s2", "s3")) {
                tx.notificationMessages()
                        .join(
                                tx.notificationMessages()
                                        .find("1", message.number())
                                        .orElseThrow(),
                                notice(subject),
                                2);
            }
            return true;
        });
        NotificationMessage open = catalog.read(tx -> tx.notificationMessages().open("1", MessageKind.SUMMARY))
                .orElseThrow();
        assertThat(open.deliveries()).isEqualTo(2);
        assertThat(open.leftOut()).isEqualTo(1);
        assertThat(catalog.<Optional<Latest>>read(
                        tx -> tx.notificationMessages().latest("1", notice("s3"))))
                .contains(new Latest(1, AT.plusSeconds(60)));
        assertThat(catalog.<Map<NotificationEvent, Long>>read(
                        tx -> tx.notificationMessages().counts(open)))
                .isEqualTo(Map.of(NotificationEvent.JOB_FAILED, 2L));
        assertThat(catalog.<List<Notice>>read(tx -> tx.notificationMessages().newest(open, 1)))
                .containsExactly(notice("s2"));
        assertThat(catalog.<Window>read(tx -> tx.notificationMessages().window("1", AT, AT.plusSeconds(61))))
                .isEqualTo(new Window(1, Optional.of(AT.plusSeconds(60))));
        assertThat(catalog.<Window>read(tx -> tx.notificationMessages().window("1", AT, AT.plusSeconds(60))))
                .isEqualTo(new Window(0, Optional.empty()));
        assertThat(due(AT.plusSeconds(59))).isEmpty();
        assertThat(due(AT.plusSeconds(60))).containsExactly(open);

        NotificationMessage failed = open.withContent("{}")
                .tried(DeliveryState.WAITING, AT.plusSeconds(60), AT.plusSeconds(100), 500, "wrong");
        update(failed);
        assertThat(due(AT.plusSeconds(99))).isEmpty();
        assertThat(due(AT.plusSeconds(100))).containsExactly(failed);
        assertThat(catalog.<Optional<NotificationMessage>>read(
                        tx -> tx.notificationMessages().open("1", MessageKind.SUMMARY)))
                .isEmpty();
        update(failed.tried(DeliveryState.DELIVERED, AT.plusSeconds(100), AT.plusSeconds(100), 200, ""));
        assertThat(due(AT.plusSeconds(1000))).isEmpty();
        assertThat(catalog.<List<NotificationDelivery>>read(
                        tx -> tx.notificationMessages().deliveries("1", 10, 10)))
                .extracting(NotificationDelivery::number)
                .containsExactly(2L, 1L);

        assertThat(catalog.<Integer>write(tx -> tx.notificationMessages().forget(AT.plusSeconds(99), 1, 10)))
                .isZero();
        assertThat(catalog.<List<NotificationDelivery>>read(
                        tx -> tx.notificationMessages().deliveries("1", 10, 10)))
                .as("all but the newest are forgotten when there are too many")
                .hasSize(1);
        assertThat(catalog.<Integer>write(tx -> tx.notificationMessages().forget(AT.plusSeconds(101), 1, 10)))
                .isEqualTo(1);
        assertThat(catalog.<Long>read(
                        tx -> tx.notificationMessages().standing("1").waiting()))
                .isZero();
    }

    private void update(NotificationMessage message) {
        catalog.write(tx -> {
            tx.notificationMessages().update(message);
            return true;
        });
    }

    private List<NotificationMessage> due(Instant now) {
        return catalog.read(tx -> tx.notificationMessages().due(now, 5));
    }
}
