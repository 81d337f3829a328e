package io.modelward.registry.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.job.Job;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.json.Json;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationDelivery;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.notification.Notices;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MessageDispatcherTest {

    private static final Actor ADA = new Actor("ada", false);
    private static final ChannelWish HOOK = wish("https://hooks.example/secret-path");

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-03-28T12:00:00Z");
    private Catalog catalog;
    private SecretBox secrets;
    private final RecordingReceiver receiver = new RecordingReceiver();
    private ChannelService channels;
    private MessageDispatcher dispatcher;

    @BeforeEach
    void open() {
        begin(RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE));
    }

    /** For tests with thousands of notices, whose units need not run twice. */
    private void beginQuickly() {
        catalog.close();
        begin(SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE));
    }

    private void begin(Catalog opened) {
        catalog = opened;
        secrets = new SecretBox(new LocalDisk(Failpoints.NONE), directory.resolve("secret-key"), new SecureRandom());
        channels = new ChannelService(
                new Access(Authorizer.EVERYONE),
                catalog,
                receiver,
                receiver,
                secrets,
                "https://models.example",
                () -> now,
                new SecureRandom());
        dispatcher = dispatcher(Runnable::run, () -> now);
    }

    private final DeliveryCounts counts = new DeliveryCounts();

    private MessageDispatcher dispatcher(Executor executor, InstantSource clock) {
        return new MessageDispatcher(
                catalog,
                receiver,
                receiver,
                secrets,
                "https://models.example",
                clock,
                new SecureRandom(),
                counts,
                executor);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static ChannelWish wish(String url, String... events) {
        return wish(url, Optional.empty(), List.of(), events);
    }

    private static ChannelWish wish(String url, Optional<String> quiet, List<String> models, String... events) {
        return new ChannelWish(
                Optional.of(url),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(events),
                models,
                List.of(),
                quiet,
                quiet.map(_ -> "Europe/Berlin"),
                Optional.empty());
    }

    private static Job job(int number) {
        JobPlan plan = JobPlanReader.read(Json.parse(
                "{\"model\":\"iris\",\"command\":[\"x\"],\"notify\":[\"team\"],\"code\":{\"archive\":\"sha256:"
                        + "0".repeat(64) + "\"}}",
                "plan"));
        return new Job(
                new JobName("job-" + number),
                number,
                1,
                plan,
                ADA.change(Instant.EPOCH, ""),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Instant.EPOCH,
                1);
    }

    @Test
    void a_channel_that_jobs_name_is_not_removed_and_the_jobs_are_named() {
        channels.create("team", wish("https://hooks.example/a", "job.failed"), ADA);
        channels.create("other", wish("https://hooks.example/b", "job.failed"), ADA);
        catalog.write(tx -> {
            for (int number = 1; number <= 7; number++) {
                tx.jobs().insert(job(number));
            }
            return true;
        });
        assertThatThrownBy(() -> channels.delete("team", ADA))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("the jobs job-1, job-2, job-3, job-4, job-5 and 2 more. Take the channel out");
        channels.delete("other", ADA);
        catalog.write(tx -> {
            for (int number = 2; number <= 7; number++) {
                tx.jobs().delete(new JobName("job-" + number));
            }
            return true;
        });
        assertThatThrownBy(() -> channels.delete("team", ADA)).hasMessageContaining("the job job-1. Take");
        catalog.write(tx -> {
            tx.jobs().delete(new JobName("job-1"));
            return true;
        });
        channels.delete("team", ADA);
        assertThat(channels.list()).isEmpty();
    }

    private void put(NotificationEvent event, String subject) {
        Notices.put(catalog, notice(event, subject));
    }

    private Notice notice(NotificationEvent event, String subject) {
        return Notice.of(event, subject, event.words() + " " + subject, "Look at it.", now, "/ui/jobs/" + subject);
    }

    private void sendAll() {
        while (dispatcher.round() > 0) {
            // Each round routes some notices and sends one message of each channel.
        }
    }

    /** Lets the time pass in steps, with rounds between. */
    private void pass(Duration time, Duration step) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(step);
            sendAll();
        }
    }

    private List<NotificationDelivery> deliveries(String channel) {
        List<NotificationDelivery> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<NotificationDelivery> page = channels.deliveries(channel, token, 1000);
            all.addAll(page.items());
            token = page.next();
        } while (token.isPresent());
        return all;
    }

    @Test
    void a_notice_goes_to_the_channels_that_want_it_and_to_no_other() {
        put(NotificationEvent.JOB_FAILED, "before-any-channel");
        channels.create("all", HOOK, ADA);
        channels.create("jobs", wish("https://jobs.example/x", "job.failed"), ADA);
        channels.create("iris", wish("https://iris.example/x", Optional.empty(), List.of("default/*")), ADA);
        put(NotificationEvent.ROLLOUT_HELD, "r1");
        Notices.put(catalog, notice(NotificationEvent.JOB_FAILED, "j1").aboutModel("Default/Iris"));
        Notices.put(catalog, notice(NotificationEvent.DISK_LOW, "d1").aboutModel("other/iris"));
        sendAll();

        Map<String, List<String>> titles = new HashMap<>();
        receiver.got.forEach(got -> titles.computeIfAbsent(got.host(), _ -> new ArrayList<>())
                .add(got.body().path("notices").path(0).path("subject").asString()));
        assertThat(titles)
                .isEqualTo(Map.of(
                        "hooks.example", List.of("r1", "j1", "d1"),
                        "jobs.example", List.of("j1"),
                        "iris.example", List.of("j1")));
        assertThat(receiver.got.getFirst().body().path("link").asString())
                .isEqualTo("https://models.example/ui/jobs/r1");
    }

    @Test
    void a_notice_of_an_undone_change_is_not_sent() {
        channels.create("all", HOOK, ADA);
        assertThatThrownBy(() -> catalog.write(tx -> {
                    Notices.put(tx, notice(NotificationEvent.JOB_FAILED, "undone"));
                    throw ProblemException.conflict("undone");
                }))
                .isInstanceOf(ProblemException.class);
        put(NotificationEvent.JOB_FAILED, "kept");
        sendAll();

        assertThat(receiver.titles()).containsExactly("a job failed kept");
    }

    /** A job whose plan this release refuses, so that its notices cannot be routed. */
    private void insertBrokenJob() {
        catalog.write(tx -> {
            ((SqlTransaction) tx)
                    .handle()
                    .execute("INSERT INTO jobs (name, number, model, plan, actor, verified, reason, changed_at, paused,"
                            + " created_at, revision) VALUES ('broken', 1, 1, '{}', 'ada', 0, '', 0, 0, 0, 1)");
            return true;
        });
    }

    @Test
    void a_notice_that_cannot_be_routed_holds_up_no_other() {
        channels.create("all", HOOK, ADA);
        insertBrokenJob();
        put(NotificationEvent.JOB_FAILED, "before");
        put(NotificationEvent.JOB_FAILED, "job:broken");
        put(NotificationEvent.JOB_FAILED, "after");
        sendAll();
        assertThat(receiver.titles()).containsExactly("a job failed before", "a job failed after");
    }

    @Test
    void notices_wait_while_the_catalog_has_a_problem_that_passes_by_itself() {
        channels.create("all", HOOK, ADA);
        put(NotificationEvent.JOB_FAILED, "waits");
        for (ProblemType type : List.of(
                ProblemType.UNAVAILABLE, ProblemType.OVERLOADED, ProblemType.STORAGE_FULL, ProblemType.TIMEOUT)) {
            NoticeRouter router = new NoticeRouter(catalog, () -> {
                throw Problem.of(type, "It passes by itself.").exception();
            });
            assertThatThrownBy(router::route).as(type.slug()).hasMessageContaining(type.slug());
        }
        sendAll();
        assertThat(receiver.titles()).containsExactly("a job failed waits");
    }

    @Test
    void a_flapping_job_sends_a_message_of_each_kind_and_one_more_an_hour() {
        channels.create("all", HOOK, ADA);
        for (int i = 0; i < 100; i++) {
            put(NotificationEvent.JOB_FAILED, "job:iris");
            put(NotificationEvent.JOB_RECOVERED, "job:iris");
            pass(Duration.ofSeconds(10), Duration.ofSeconds(10));
        }
        assertThat(receiver.titles())
                .containsExactly("a job failed job:iris", "a job that failed works again job:iris");
        pass(Duration.ofHours(3), Duration.ofMinutes(5));

        assertThat(receiver.titles().subList(2, receiver.got.size()))
                .containsExactly(
                        "99 more times: a job failed job:iris",
                        "99 more times: a job that failed works again job:iris");
        assertThat(deliveries("all"))
                .hasSize(200)
                .allMatch(delivery -> delivery.message().state() == DeliveryState.DELIVERED);
    }

    @Test
    void a_storm_sends_a_page_and_one_summary_that_counts_the_rest() {
        beginQuickly();
        channels.create("all", HOOK, ADA);
        catalog.write(tx -> {
            for (int i = 0; i < 10_000; i++) {
                Notices.put(
                        tx, notice(i % 4 == 0 ? NotificationEvent.JOB_HELD : NotificationEvent.JOB_FAILED, "j" + i));
            }
            return true;
        });
        sendAll();
        put(NotificationEvent.VERIFY_DAMAGED, "registry");
        sendAll();
        assertThat(receiver.got).as("urgent ones have places of their own").hasSize(16);
        assertThat(receiver.titles().getLast()).isEqualTo("a verification found damage registry");
        pass(Duration.ofHours(5), Duration.ofMinutes(10));

        assertThat(receiver.got).hasSize(17);
        JsonNode summary = receiver.got.getLast().body();
        assertThat(summary.path("title").asString()).isEqualTo("9985 notifications");
        assertThat(summary.path("counts").path("job.failed").asLong()
                        + summary.path("counts").path("job.held").asLong())
                .isEqualTo(9985);
        assertThat(summary.path("notices").size()).isEqualTo(20);
        assertThat(deliveries("all")).hasSize(10_001);
    }

    @Test
    void no_hour_of_a_long_storm_has_more_than_a_page_and_a_summary() {
        beginQuickly();
        channels.create("all", HOOK, ADA);
        List<Instant> sent = new ArrayList<>();
        Random random = new Random(7);
        for (int minute = 0; minute < 120; minute++) {
            for (int i = 0; i < 5; i++) {
                boolean urgent = random.nextInt(4) == 0;
                put(
                        urgent ? NotificationEvent.ROLLOUT_ROLLED_BACK : NotificationEvent.ROLLOUT_HELD,
                        "r" + random.nextInt(400));
            }
            int before = receiver.got.size();
            pass(Duration.ofMinutes(1), Duration.ofMinutes(1));
            for (int i = before; i < receiver.got.size(); i++) {
                sent.add(now);
            }
        }
        for (Instant start : sent) {
            assertThat(sent.stream()
                            .filter(at -> !at.isBefore(start) && at.isBefore(start.plus(Duration.ofHours(1))))
                            .count())
                    .isLessThanOrEqualTo(21);
        }
        assertThat(sent.size()).isGreaterThan(20);
    }

    @Test
    void what_comes_in_quiet_hours_is_one_message_when_they_end_also_in_the_night_that_clocks_change() {
        channels.create("night", wish("https://hooks.example/x", Optional.of("22:00-07:00"), List.of()), ADA);
        now = Instant.parse("2026-03-28T20:59:00Z"); // 21:59 in Berlin
        put(NotificationEvent.JOB_FAILED, "early");
        sendAll();
        now = Instant.parse("2026-03-28T21:00:00Z"); // 22:00
        put(NotificationEvent.JOB_FAILED, "a");
        put(NotificationEvent.JOB_HELD, "b");
        put(NotificationEvent.JOB_FAILED, "early");
        put(NotificationEvent.VERIFY_DAMAGED, "urgent");
        sendAll();
        assertThat(receiver.titles()).containsExactly("a job failed early", "a verification found damage urgent");

        now = Instant.parse("2026-03-29T04:59:59Z"); // 06:59:59 in summer time; it was 02:00 to 03:00 that was left out
        sendAll();
        assertThat(receiver.got).hasSize(2);
        now = Instant.parse("2026-03-29T05:00:00Z");
        sendAll();

        assertThat(receiver.got).hasSize(3);
        JsonNode morning = receiver.got.getLast().body();
        assertThat(morning.path("title").asString()).isEqualTo("3 notifications");
        assertThat(morning.path("text").asString()).startsWith("They came in the quiet hours");
        pass(Duration.ofHours(12), Duration.ofMinutes(30));
        assertThat(receiver.got).hasSize(3);
    }

    @Test
    void a_receiver_that_fails_is_tried_with_the_same_id_and_words_until_it_is_given_up() {
        channels.create("all", HOOK, ADA);
        for (int tries = 0; tries < MessageDispatcher.LIMITS.tries(); tries++) {
            receiver.answers.add(RecordingReceiver.answered(500));
        }
        put(NotificationEvent.JOB_FAILED, "j");
        sendAll();
        pass(Duration.ofHours(6), Duration.ofMinutes(1));

        assertThat(receiver.got).hasSize(MessageDispatcher.LIMITS.tries());
        assertThat(new HashSet<>(
                        receiver.got.stream().map(RecordingReceiver.Got::body).toList()))
                .hasSize(1);
        NotificationDelivery ended = deliveries("all").getFirst();
        assertThat(ended.message().state()).isEqualTo(DeliveryState.GIVEN_UP);
        assertThat(counts.givenUp()).isEqualTo(1);
        assertThat(counts.delivered()).isZero();
        assertThat(ended.message().error()).isEqualTo("The receiver answered 500.");
    }

    @Test
    void each_notice_is_delivered_or_given_up_whatever_fails_and_whenever_the_server_dies() {
        channels.create("all", HOOK, ADA);
        Random random = new Random(42);
        for (int i = 0; i < 60; i++) {
            String subject = "j" + random.nextInt(20);
            put(NotificationEvent.JOB_FAILED, subject);
            for (int fail = random.nextInt(4); fail > 0; fail--) {
                receiver.answers.add(RecordingReceiver.answered(random.nextBoolean() ? 503 : 410));
            }
            if (random.nextInt(5) == 0) {
                // It dies after it has sent, before it can write the outcome.
                MessageDispatcher dying = dispatcher(Runnable::run, new InstantSource() {
                    private int asked;

                    @Override
                    public Instant instant() {
                        if (++asked > 8) {
                            throw new IllegalStateException("it died");
                        }
                        return now;
                    }
                });
                try {
                    dying.round();
                    dying.round();
                } catch (IllegalStateException died) {
                    assertThat(died).hasMessage("it died");
                }
                dispatcher = dispatcher(Runnable::run, () -> now);
            }
            pass(Duration.ofMinutes(random.nextInt(20)), Duration.ofMinutes(5));
        }
        receiver.answers.clear();
        pass(Duration.ofHours(12), Duration.ofMinutes(10));

        List<NotificationDelivery> deliveries = deliveries("all");
        assertThat(deliveries).hasSize(60);
        assertThat(deliveries).noneMatch(delivery -> delivery.message().state() == DeliveryState.WAITING);
        assertThat(deliveries)
                .filteredOn(delivery -> delivery.message().state() == DeliveryState.GIVEN_UP)
                .isNotEmpty()
                .allMatch(delivery -> !delivery.message().error().isEmpty());
        Set<String> got = new HashSet<>(
                receiver.got.stream().map(RecordingReceiver.Got::id).toList());
        assertThat(deliveries)
                .allMatch(delivery -> got.contains(delivery.message().id()));
        now = now.plus(MessageDispatcher.KEPT).plusSeconds(1);
        dispatcher.forget();
        assertThat(deliveries("all")).isEmpty();
    }

    @Test
    void a_secret_goes_in_and_never_comes_out() {
        ChannelService.View view = channels.create("all", HOOK, ADA);
        assertThat(view.channel().shown()).isEqualTo("https://hooks.example/…");
        assertThat(view.channel().target()).doesNotContain("secret-path");
        assertThat(channels.create("all", HOOK, ADA)).as("the same again").isEqualTo(view);
        assertThatThrownBy(() -> channels.create("all", wish("https://other.example/"), ADA))
                .hasMessageContaining("There is another channel");
        ChannelWish noTarget = new ChannelWish(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("signing"),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("30m"));
        channels.replace("all", noTarget, ADA);
        assertThat(channels.test("all")).isEqualTo(RecordingReceiver.answered(200));
        assertThat(receiver.got.getLast().host()).isEqualTo("hooks.example");
        assertThat(receiver.got.getLast().headers()).containsKey("X-MLflow-Signature");
    }
}
