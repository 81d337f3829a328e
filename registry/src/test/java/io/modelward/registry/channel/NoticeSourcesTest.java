package io.modelward.registry.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.core.webhook.Event;
import io.modelward.registry.notification.CertificateWatch;
import io.modelward.registry.notification.DiskWatch;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticeSourcesTest {

    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-03-28T12:00:00Z");
    private Catalog catalog;

    @BeforeEach
    void open() {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        catalog.write(tx -> {
            tx.notificationChannels()
                    .insert(new NotificationChannel(
                            "1",
                            "team",
                            ChannelKind.EMAIL,
                            "a@b.c",
                            "a@b.c",
                            Optional.empty(),
                            NoticeFilter.ALL,
                            Optional.empty(),
                            Duration.ofHours(1),
                            now,
                            now));
            return true;
        });
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private List<NotificationEvent> told() {
        return catalog.<List<Notice>>write(tx -> tx.noticeQueue().take(10)).stream()
                .map(Notice::event)
                .toList();
    }

    @Test
    void people_are_notified_of_a_rollout_that_is_held_rolled_back_or_promoted_and_not_of_its_start() {
        ModelName iris = ModelName.parse("iris");
        Rollout rollout = new Rollout(
                "r1",
                "shop",
                new VersionRef(new ModelId(1), iris, SemVer.parse("1.1.0"), Digest.of(new byte[] {1})),
                new VersionRef(new ModelId(1), iris, SemVer.parse("1.0.0"), Digest.of(new byte[] {2})),
                PlanReader.read(Json.object()),
                RolloutProgress.first(RolloutState.RUNNING, "errors rose"));
        catalog.write(tx -> {
            for (Event event : List.of(
                    Event.ROLLOUT_STARTED, Event.ROLLOUT_HELD, Event.ROLLOUT_ROLLED_BACK, Event.ROLLOUT_PROMOTED)) {
                Events.rollout(tx, event, rollout, new Change(now, "ada", true, "because"));
            }
            return true;
        });
        List<Notice> notices = catalog.write(tx -> tx.noticeQueue().take(10));
        assertThat(notices)
                .extracting(Notice::title)
                .containsExactly(
                        "The rollout of default/iris 1.1.0 on shop is held",
                        "The rollout of default/iris 1.1.0 on shop was rolled back",
                        "The rollout of default/iris 1.1.0 on shop was promoted");
        assertThat(notices.getFirst().text()).isEqualTo("errors rose");
        assertThat(notices.getFirst().model()).contains("default/iris");
        assertThat(notices.getFirst().endpoint()).contains("shop");
        assertThat(notices.getFirst().path()).isEqualTo("/ui/rollouts/r1");
    }

    @Test
    void a_disk_that_is_nearly_full_is_told_once_until_it_had_room_again() throws Exception {
        DiskWatch.Space[] space = {new DiskWatch.Space(6 * GIB, 100 * GIB)};
        DiskWatch watch = new DiskWatch(catalog, () -> space[0], () -> now);
        watch.look();
        assertThat(told()).isEmpty();
        for (long free : new long[] {4, 6, 4, 7, 3}) {
            space[0] = new DiskWatch.Space(free * GIB, 100 * GIB);
            watch.look();
        }
        assertThat(told()).containsExactly(NotificationEvent.DISK_LOW);
        space[0] = new DiskWatch.Space(8 * GIB, 100 * GIB);
        watch.look();
        space[0] = new DiskWatch.Space(GIB / 2, 8 * GIB);
        watch.look();
        assertThat(told()).as("1 GiB is the least of a small disk").containsExactly(NotificationEvent.DISK_LOW);
        assertThat(DiskWatch.Gauge.of(directory).space().total()).isPositive();
    }

    @Test
    void a_certificate_that_ends_is_told_once_a_day_until_there_is_another() {
        Instant[] end = {now.plus(Duration.ofDays(15))};
        CertificateWatch watch = new CertificateWatch(catalog, () -> Optional.of(end[0]), () -> now);
        int days = 0;
        for (int hour = 0; hour < 72; hour++) {
            watch.look();
            days += told().size();
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(days).isEqualTo(2);
        end[0] = now.plus(Duration.ofDays(90));
        now = now.plus(Duration.ofDays(2));
        watch.look();
        assertThat(told()).isEmpty();
        new CertificateWatch(catalog, Optional::empty, () -> now).look();
        assertThat(told()).isEmpty();
    }
}
