package io.modelward.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.notification.ChannelKind;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NoticeFilter;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.version.ModelName;
import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Actor;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.registry.webhook.WebhookService.Wish;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final Actor ADA = new Actor("ada", false);
    private static final Outcome BROKEN = new Outcome.Failed("broken", true);

    @TempDir
    Path directory;

    private Instant now = Instant.ofEpochSecond(1_800_000_000L);
    private RerunCatalog catalog;
    private final Receiver receiver = new Receiver();
    private WebhookService webhooks;
    private ModelService models;
    private Dispatcher dispatcher;

    /** A receiver that answers what is lined up, else 200, and notes what it got. */
    private static final class Receiver implements WebhookSender {

        record Got(WebhookUrl url, Map<String, String> headers, String body) {
            String name() {
                return Json.parse(body, "body").path("data").path("name").asString();
            }

            String id() {
                return headers.get("X-MLflow-Delivery-Id");
            }
        }

        final List<Got> got = new ArrayList<>();
        final Deque<Outcome> answers = new ArrayDeque<>();

        @Nullable
        RuntimeException bug;

        @Override
        public Outcome post(WebhookUrl url, Map<String, String> headers, byte[] body) {
            if (bug != null) {
                throw bug;
            }
            got.add(new Got(url, headers, new String(body, StandardCharsets.UTF_8)));
            return answers.isEmpty() ? answered(200) : answers.poll();
        }

        @Override
        public void check(WebhookUrl url) {}

        List<String> names() {
            return got.stream().map(Got::name).toList();
        }
    }

    private static Outcome answered(int status) {
        return new Outcome.Answered(status, "", OptionalLong.empty());
    }

    @BeforeEach
    void open() {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        SecretBox secrets =
                new SecretBox(new LocalDisk(Failpoints.NONE), directory.resolve("secret-key"), new SecureRandom());
        webhooks = new WebhookService(EVERYONE, catalog, receiver, secrets, () -> now, new SecureRandom());
        models = new ModelService(EVERYONE, catalog, () -> now, ModelWatch.NONE);
        dispatcher = dispatcher(secrets, Runnable::run);
    }

    private Dispatcher dispatcher(SecretBox secrets, Executor executor) {
        return new Dispatcher(catalog, receiver, secrets, () -> now, new SecureRandom(), executor);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static Wish wish(String name, String secret, Event... events) {
        return new Wish(
                Optional.of(name),
                Optional.empty(),
                Optional.of("https://hooks.example/" + name),
                List.of(events),
                Optional.of(secret),
                Optional.empty());
    }

    private String hook(String name) {
        return webhooks.create(wish(name, "", Event.REGISTERED_MODEL_CREATED), ADA)
                .webhook()
                .id();
    }

    private void model(String name) {
        models.create(ModelName.parse(name), "", List.of(), ADA);
    }

    private void sendAll() {
        while (dispatcher.round() > 0) {
            // Each round sends one of each webhook.
        }
    }

    private Delivery last(String id) {
        return webhooks.get(id).standing().last().orElseThrow();
    }

    private static Wish active(boolean active) {
        return new Wish(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.of(active));
    }

    @Test
    void what_happened_is_sent_once_in_order_and_signed() {
        String id = webhooks.create(wish("a", "s3cret", Event.REGISTERED_MODEL_CREATED), ADA)
                .webhook()
                .id();
        model("one");
        model("two");
        sendAll();
        assertThat(receiver.names()).containsExactly("one", "two");
        Receiver.Got first = receiver.got.getFirst();
        assertThat(first.url().text()).isEqualTo("https://hooks.example/a");
        assertThat(first.body())
                .isEqualTo(
                        "{\"entity\":\"registered_model\",\"action\":\"created\",\"timestamp\":\"2027-01-15T08:00:00.000000+00:00\","
                                + "\"data\":{\"name\":\"one\",\"tags\":{},\"description\":null}}");
        String signed = first.id() + ".1800000000." + first.body();
        assertThat(first.headers())
                .containsEntry("X-MLflow-Timestamp", "1800000000")
                .containsEntry("X-MLflow-Signature", "v1," + Posting.hmac("s3cret", signed));
        assertThat(last(id).state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void a_signature_is_what_the_published_vector_says() {
        // RFC 4231, test case 2.
        assertThat(Base64.getDecoder().decode(Posting.hmac("Jefe", "what do ya want for nothing?")))
                .isEqualTo(HexFormat.of().parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }

    @Test
    void a_change_that_is_undone_is_never_sent() {
        hook("a");
        model("taken");
        assertThatThrownBy(() -> model("taken")).hasMessageContaining("already");
        assertThatThrownBy(() -> catalog.write(tx -> {
                    Events.modelCreated(
                            tx, tx.models().find(ModelName.parse("taken")).orElseThrow(), ADA.change(now, ""));
                    throw new IllegalStateException("undone");
                }))
                .hasMessage("undone");
        sendAll();
        assertThat(receiver.names()).containsExactly("taken");
    }

    @Test
    void what_may_pass_is_tried_again_with_the_same_id_at_growing_distances_and_then_given_up() {
        String id = hook("a");
        model("one");
        model("two");
        receiver.answers.addAll(List.of(answered(500), answered(429), BROKEN, answered(503), answered(502)));
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < RetryRule.WEBHOOKS.tries(); i++) {
            sendAll();
            assertThat(receiver.got).hasSize(i);
            assertThat(last(id).state()).isEqualTo(DeliveryState.WAITING);
            pauses.add(Duration.between(now, last(id).nextTry()));
            now = last(id).nextTry();
        }
        sendAll();
        assertThat(receiver.names()).containsExactly("one", "one", "one", "one", "one", "two");
        assertThat(receiver.got.subList(0, 5))
                .extracting(Receiver.Got::id)
                .containsOnly(receiver.got.getFirst().id());
        assertThat(receiver.got.getLast().id())
                .isNotEqualTo(receiver.got.getFirst().id());
        for (int i = 0; i < pauses.size(); i++) {
            double expected = 2000 * Math.pow(5, i);
            assertThat((double) pauses.get(i).toMillis()).isCloseTo(expected, within(expected / 4 + 1));
        }
    }

    @Test
    void a_delivery_that_was_given_up_says_why() {
        String id = hook("a");
        receiver.answers.addAll(List.of(answered(302)));
        model("one");
        sendAll();
        assertThat(last(id).state()).isEqualTo(DeliveryState.GIVEN_UP);
        assertThat(last(id).error()).contains("302").contains("not followed");
        receiver.answers.add(new Outcome.Failed("no public address", false));
        model("two");
        sendAll();
        assertThat(last(id).error()).isEqualTo("no public address");
        receiver.answers.add(answered(404));
        model("three");
        sendAll();
        assertThat(last(id).status()).isEqualTo(404);
        assertThat(receiver.names()).containsExactly("one", "two", "three");
    }

    @Test
    void a_receiver_may_ask_for_more_time() {
        String id = hook("a");
        receiver.answers.add(new Outcome.Answered(429, "", OptionalLong.of(100)));
        model("one");
        sendAll();
        assertThat(last(id).nextTry()).isEqualTo(now.plusSeconds(100));
        now = last(id).nextTry();
        receiver.answers.add(new Outcome.Answered(503, "", OptionalLong.of(1_000_000)));
        sendAll();
        assertThat(last(id).nextTry()).isEqualTo(now.plusSeconds(600));
    }

    @Test
    void a_failure_that_nobody_thought_of_ends_too() {
        String id = hook("a");
        receiver.bug = new IllegalStateException("a bug");
        model("one");
        for (int i = 0; i < RetryRule.WEBHOOKS.tries(); i++) {
            sendAll();
            now = last(id).nextTry();
        }
        assertThat(last(id).state()).isEqualTo(DeliveryState.GIVEN_UP);
        assertThat(last(id).error()).doesNotContain("a bug");
    }

    @Test
    void people_are_notified_of_a_delivery_that_is_given_up() {
        NotificationChannel team = new NotificationChannel(
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
                now);
        catalog.write(tx -> {
            tx.notificationChannels().insert(team);
            return true;
        });
        hook("a");
        receiver.answers.add(answered(200));
        receiver.answers.add(answered(404));
        model("one");
        model("two");
        sendAll();
        assertThat(catalog.<List<Notice>>write(tx -> tx.noticeQueue().take(10)))
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.event()).isEqualTo(NotificationEvent.WEBHOOK_GIVEN_UP);
                    assertThat(notice.title()).isEqualTo("The webhook a does not reach its receiver");
                    assertThat(notice.facts()).containsEntry("Receiver", "https://hooks.example");
                });
    }

    @Test
    void one_that_fails_does_not_hold_up_another() {
        hook("a");
        hook("b");
        receiver.answers.add(BROKEN);
        model("one");
        model("two");
        sendAll();
        assertThat(receiver.got.stream().map(got -> got.url().target() + got.name()))
                .containsExactlyInAnyOrder("/aone", "/bone", "/btwo");
    }

    @Test
    void a_disabled_webhook_gets_nothing_and_what_waited_before_when_it_is_enabled() {
        String id = hook("a");
        model("before");
        webhooks.update(id, active(false), ADA);
        model("meanwhile");
        sendAll();
        assertThat(receiver.got).isEmpty();
        webhooks.update(id, active(true), ADA);
        model("after");
        sendAll();
        assertThat(receiver.names()).containsExactly("before", "after");
    }

    @Test
    void after_a_restart_what_was_not_sent_is_sent() {
        hook("a");
        model("one");
        close();
        open();
        sendAll();
        assertThat(receiver.names()).containsExactly("one");
    }

    @Test
    void a_delivery_that_ended_meanwhile_is_not_sent_again() {
        String id = hook("a");
        model("one");
        List<Runnable> held = new ArrayList<>();
        Dispatcher other = dispatcher(
                new SecretBox(new LocalDisk(Failpoints.NONE), directory.resolve("secret-key"), new SecureRandom()),
                held::add);
        assertThat(other.round()).isEqualTo(1);
        assertThat(other.round()).as("one of a webhook at a time").isZero();
        // The process that held the try is gone.
        sendAll();
        assertThat(receiver.names()).containsExactly("one");
        held.getFirst().run();
        assertThat(receiver.names()).as("it ended meanwhile").containsExactly("one");
        assertThat(last(id).tries()).isEqualTo(1);
    }

    @Test
    void a_new_url_is_tried_at_once() {
        String id = hook("a");
        receiver.answers.add(BROKEN);
        model("one");
        sendAll();
        webhooks.update(id, wish("b", "", Event.REGISTERED_MODEL_CREATED), ADA);
        sendAll();
        assertThat(receiver.got).extracting(got -> got.url().target()).containsExactly("/a", "/b");
    }

    @Test
    void without_its_key_nothing_is_sent_unsigned() throws Exception {
        String id = webhooks.create(wish("a", "s3cret", Event.REGISTERED_MODEL_CREATED), ADA)
                .webhook()
                .id();
        Files.delete(directory.resolve("secret-key"));
        close();
        open();
        model("one");
        sendAll();
        assertThat(receiver.got).isEmpty();
        assertThat(last(id).error()).contains("Set it again");
    }

    @Test
    void what_ended_is_forgotten_after_a_week() {
        String id = hook("a");
        model("one");
        sendAll();
        now = now.plus(Duration.ofDays(6));
        dispatcher.forget();
        assertThat(webhooks.get(id).standing().last()).isPresent();
        now = now.plus(Duration.ofDays(2));
        dispatcher.forget();
        assertThat(webhooks.get(id).standing().last()).isEmpty();
    }
}
