package io.modelward.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.registry.webhook.WebhookService.Wish;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookServiceTest {

    private static final Actor ADA = new Actor("ada", false);
    private static final String SECRET = "a secret that nobody sees";

    @TempDir
    Path directory;

    private RerunCatalog catalog;
    private WebhookService webhooks;

    /** Answers with what it got; one name is of the inside. */
    private static final class Echo implements WebhookSender {
        @Override
        public Outcome post(WebhookUrl url, Map<String, String> headers, byte[] body) {
            return new Outcome.Answered(
                    200, headers.keySet() + new String(body, StandardCharsets.UTF_8), OptionalLong.empty());
        }

        @Override
        public void check(WebhookUrl url) throws Destinations.Refused {
            try {
                new Destinations(
                                host -> new InetAddress[] {
                                    InetAddress.ofLiteral(host.equals("inside.example") ? "10.0.0.1" : "8.8.8.8")
                                },
                                false)
                        .of(url);
            } catch (UnknownHostException never) {
                throw new IllegalStateException(never);
            }
        }
    }

    @BeforeEach
    void open() {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        SecretBox secrets =
                new SecretBox(new LocalDisk(Failpoints.NONE), directory.resolve("secret-key"), new SecureRandom());
        webhooks = new WebhookService(
                new Access(Authorizer.EVERYONE),
                catalog,
                new Echo(),
                secrets,
                InstantSource.system(),
                new SecureRandom());
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static Wish wish(String name, String url, Event... events) {
        return new Wish(
                Optional.of(name),
                Optional.empty(),
                Optional.of(url),
                List.of(events),
                Optional.empty(),
                Optional.empty());
    }

    private static Wish secret(String text) {
        return new Wish(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.of(text), Optional.empty());
    }

    private String hook(String name) {
        return webhooks.create(wish(name, "https://hooks.example/in?key=hidden", Event.MODEL_VERSION_CREATED), ADA)
                .webhook()
                .id();
    }

    private static void refused(String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.problem().field()).contains(field));
    }

    @Test
    void names_urls_and_events_are_held_to_rules() {
        for (String name : List.of("", "-a", "a-", "a b", "x".repeat(64), "é")) {
            refused(
                    "name",
                    () -> webhooks.create(wish(name, "https://hooks.example/", Event.MODEL_VERSION_CREATED), ADA));
        }
        for (String url : List.of("https://inside.example/", "http://127.0.0.1/", "http://[::1]/", "http://0x7f.1/")) {
            refused("url", () -> webhooks.create(wish("a", url, Event.MODEL_VERSION_CREATED), ADA));
        }
        refused("events", () -> webhooks.create(wish("a", "https://hooks.example/"), ADA));
        refused("events", () -> Event.of("REGISTERED_MODEL", "SET"));
        refused("events", () -> Event.of("PROMPT", "CREATED"));
        String id = hook("a");
        refused("url", () -> webhooks.update(id, wish("a", "https://inside.example/"), ADA));
        refused("secret", () -> webhooks.update(id, secret("x".repeat(1001)), ADA));
        assertThat(webhooks.get(id).webhook().url().text()).startsWith("https://hooks.example/");
    }

    @Test
    void a_secret_is_neither_in_the_catalog_nor_in_the_audit_nor_is_the_query_of_the_url() throws Exception {
        String id = hook("a");
        webhooks.update(id, secret(SECRET), ADA);
        assertThat(webhooks.test(id, Optional.empty()).toString()).contains("X-MLflow-Signature");
        webhooks.update(id, secret(""), ADA);
        assertThat(webhooks.test(id, Optional.empty()).toString()).doesNotContain("X-MLflow-Signature");
        webhooks.update(id, secret(SECRET), ADA);
        webhooks.delete(id, ADA);
        List<AuditEntry> entries = catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 100, "webhook:" + id));
        assertThat(entries)
                .extracting(AuditEntry::action)
                .containsExactly(
                        "webhook.delete", "webhook.update", "webhook.update", "webhook.update", "webhook.create");
        assertThat(entries.toString()).contains("https://hooks.example").doesNotContain("hidden", SECRET);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(SECRET);
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("secret-key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_sealed_secret_opens_for_its_owner_only_and_under_its_key_only() throws Exception {
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        SecretBox box = new SecretBox(disk, directory.resolve("k"), new SecureRandom());
        String sealed = box.seal("a", SECRET);
        assertThat(box.seal("a", SECRET)).isNotEqualTo(sealed);
        SecretBox later = new SecretBox(disk, directory.resolve("k"), new SecureRandom());
        assertThat(later.open("a", sealed)).contains(SECRET);
        assertThat(later.open("b", sealed)).isEmpty();
        assertThat(later.open("a", "AAAA" + sealed.substring(4))).isEmpty();
        assertThat(later.open("a", "AAAA")).isEmpty();
        SecretBox other = new SecretBox(disk, directory.resolve("other"), new SecureRandom());
        assertThat(other.open("a", sealed)).isEmpty();
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void pages_join_to_the_whole_newest_first() {
        List<String> ids = List.of(hook("a"), hook("b"), hook("c"));
        Page<WebhookService.View> first = webhooks.list(Optional.empty(), 2);
        Page<WebhookService.View> second = webhooks.list(first.next(), 2);
        assertThat(Stream.concat(first.items().stream(), second.items().stream()))
                .extracting(view -> view.webhook().id())
                .isEqualTo(ids.reversed());
        assertThat(second.next()).isEmpty();
        refused("page_token", () -> webhooks.list(Optional.of("eyJ9"), 2));
        refused("page_token", () -> webhooks.list(Optional.of("?"), 2));
    }

    @Test
    void there_are_a_thousand_at_most() {
        for (int i = 0; i < 1000; i++) {
            hook("h" + i);
        }
        assertThatThrownBy(() -> hook("more"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("1000");
    }

    @Test
    void each_event_has_an_example() {
        String id = hook("a");
        for (Event event : Event.values()) {
            assertThat(webhooks.test(id, Optional.of(event)).toString())
                    .contains(
                            "\"entity\":\"" + event.entity() + "\"",
                            event.own() ? "\"event\":\"" + event.label() + "\"" : "\"name\":\"example_model\"");
        }
    }
}
