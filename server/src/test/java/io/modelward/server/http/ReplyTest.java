package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages, redirects and streams over real sockets. */
class ReplyTest {

    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Semaphore go = new Semaphore(0);
    private HttpServer server;
    private String address;

    @BeforeEach
    void captureLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setErr(realErr);
        if (server != null) {
            server.close();
        }
    }

    private void serve(RouteHandler.Blocking action) {
        HttpRoute.Table routes = new HttpRoute.Table();
        routes.blocking("GET", "/{page}", Action.READ, action);
        server = new HttpServer(
                new Listener("127.0.0.1", 0),
                HttpNetwork.local(Set.of()),
                routes,
                new ClaimedName(),
                new Access(Authorizer.EVERYONE),
                new MemoryBudget(words -> {}).share("documents", 1 << 20),
                Runnable::run,
                new SimpleMeterRegistry());
        address = server.start();
    }

    private RawClient ask() throws IOException {
        return RawClient.ask(address, "GET", "/page");
    }

    @Test
    void a_page_is_html_in_utf_8_that_may_run_nothing_of_its_own() throws IOException {
        String page = "<p>Größe 🌍</p>";
        serve(exchange -> Reply.html(404, page));
        try (RawClient client = ask()) {
            assertThat(client.head())
                    .contains(
                            "HTTP/1.1 404 Not Found",
                            "Content-Type: text/html; charset=utf-8",
                            "X-Content-Type-Options: nosniff",
                            "Content-Length: " + page.getBytes(StandardCharsets.UTF_8).length)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("Content-Security-Policy: default-src 'none'; script-src 'self';")
                            .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
                            .doesNotContain("unsafe", "*"));
            assertThat(client.text(page.length())).isEqualTo(page);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 303, 307, 308})
    void a_redirect_names_an_address_of_this_server(int status) throws IOException {
        serve(exchange -> Reply.redirect(status, "/models/acme/gro%C3%9F?tab=files#top"));
        try (RawClient client = ask()) {
            List<String> head = client.head();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(head).contains("Location: /models/acme/gro%C3%9F?tab=files#top");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "//evil.example",
                "/\\evil.example",
                "\\/evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "models",
                "/a b",
                "/a\r\nSet-Cookie: x=y",
                "/a\nb",
                "/ä",
                "/\t/evil.example",
                "/a\u0000"
            })
    void what_a_caller_wants_to_be_sent_to_does_not_leave_the_server_nor_begin_a_header(String wanted)
            throws IOException {
        serve(exchange -> Reply.redirect(303, wanted));
        try (RawClient client = ask()) {
            List<String> head = client.head();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 400 ");
            assertThat(head).noneMatch(line -> line.startsWith("Location") || line.startsWith("Set-Cookie"));
        }
    }

    @Test
    void another_server_is_gone_to_by_its_whole_address_only() throws IOException {
        serve(exchange -> Reply.redirectAway(307, URI.create("https://blobs.example:8443/a%20b?x=1")));
        try (RawClient client = ask()) {
            assertThat(client.head()).contains("Location: https://blobs.example:8443/a%20b?x=1");
        }
        for (String wrong :
                List.of("//blobs.example/a", "/a", "ftp://blobs.example/a", "https:///a", "https://u:p@b/a")) {
            assertThatThrownBy(() -> Reply.redirectAway(307, URI.create(wrong)))
                    .as(wrong)
                    .isInstanceOf(ProblemException.class);
        }
        assertThatThrownBy(() -> Reply.redirect(200, "/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_header_cannot_begin_another_one() {
        assertThatThrownBy(() -> Reply.nothing().with("X-Name", "a\r\nSet-Cookie: x=y"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pieces_of_a_stream_go_out_when_they_are_flushed() throws IOException {
        serve(exchange -> Reply.stream("application/x-ndjson", out -> {
            for (int i = 0; i < 3; i++) {
                go.acquireUninterruptibly();
                out.write(("{\"n\":" + i + "}\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }));
        try (RawClient client = ask()) {
            for (int i = 0; i < 3; i++) {
                go.release();
                if (i == 0) {
                    assertThat(client.head()).contains("HTTP/1.1 200 OK", "Content-Type: application/x-ndjson");
                }
                assertThat(client.chunk()).isEqualTo("{\"n\":" + i + "}\n");
            }
            assertThat(client.chunk()).as("a proper end").isEmpty();
        }
    }

    @Test
    void what_fails_before_the_first_piece_went_out_is_a_problem() throws IOException {
        serve(exchange -> Reply.stream("text/plain", out -> {
                    out.write("not sent".getBytes(StandardCharsets.UTF_8));
                    throw ProblemException.notFound("There is no such file.");
                })
                .with("X-Of-The-Stream", "yes"));
        try (RawClient client = ask()) {
            assertThat(client.head())
                    .contains("HTTP/1.1 404 Not Found", "Content-Type: application/problem+json")
                    .doesNotContain("X-Of-The-Stream: yes");
        }
    }

    @Test
    void what_fails_later_cuts_the_connection_and_is_logged() throws IOException {
        serve(exchange -> Reply.stream("text/plain", out -> {
            out.write("half of it".getBytes(StandardCharsets.UTF_8));
            out.flush();
            throw new IllegalStateException("a bug");
        }));
        try (RawClient client = ask()) {
            client.head();
            assertThat(client.chunk()).isEqualTo("half of it");
            assertThatThrownBy(client::chunk).isInstanceOf(IOException.class);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("a bug");
    }

    @Test
    void a_caller_who_does_not_read_holds_the_stream_up_and_one_who_leaves_ends_it_quietly() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        Semaphore ended = new Semaphore(0);
        byte[] piece = new byte[100_000];
        serve(exchange -> Reply.stream("application/octet-stream", out -> {
            try {
                while (true) {
                    out.write(piece);
                    sent.incrementAndGet();
                }
            } finally {
                ended.release();
            }
        }));
        try (RawClient client = ask()) {
            client.head();
            int before = settled(sent);
            assertThat(before).as("pieces that fit into the sockets").isLessThan(1_000);
            for (int i = 0; i < 1_000 && sent.get() == before; i++) {
                client.chunk();
            }
            assertThat(sent.get()).as("it goes on when the caller reads").isGreaterThan(before);
        }
        assertThat(ended.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("failed unexpectedly");
    }

    /** The count once it has not changed for half a second. */
    private static int settled(AtomicInteger count) throws InterruptedException {
        int last = -1;
        for (int i = 0; i < 100 && last != count.get(); i++) {
            last = count.get();
            Thread.sleep(500);
        }
        assertThat(count.get()).as("it has come to rest").isEqualTo(last);
        return last;
    }
}
