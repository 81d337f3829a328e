package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Event streams over real sockets. */
class EventStreamTest {

    private static final int BIG = 100_000;

    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Semaphore go = new Semaphore(0);
    private final CountDownLatch slowBegan = new CountDownLatch(1);
    private final AtomicInteger sent = new AtomicInteger();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private HttpServer server;
    private String address;

    @BeforeEach
    void captureLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
        System.setErr(realErr);
    }

    /** Serves one stream and notes how its action ends. */
    private void serve(RouteHandler.Stream action) {
        HttpRoute.Table routes = new HttpRoute.Table();
        routes.stream("GET", "/events", Action.READ, (exchange, events) -> {
            try {
                action.handle(exchange, events);
                ended.completeExceptionally(new AssertionError("it ended by itself"));
            } catch (Throwable failure) {
                ended.complete(failure);
                throw failure;
            }
        });
        routes.blocking("GET", "/slow", Action.READ, exchange -> {
            slowBegan.countDown();
            go.acquire();
            return Reply.ok(Json.object().put("answered", true));
        });
        server = new HttpServer(
                new Listener("127.0.0.1", 0),
                HttpNetwork.local(Set.of()),
                routes,
                new ClaimedName(),
                new Access(Authorizer.EVERYONE),
                new MemoryBudget(words -> {}).share("documents", 1 << 20),
                Runnable::run,
                registry);
        address = server.start();
    }

    private RawClient ask(String path) throws IOException {
        return RawClient.ask(address, "GET", path);
    }

    private long stopMillis() {
        long start = System.nanoTime();
        server.close();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** Sends as fast as it may. */
    private void flood(Exchange exchange, EventStream events) throws IOException {
        while (true) {
            events.event("big", Json.object().put("text", "x".repeat(BIG)));
            sent.incrementAndGet();
        }
    }

    @Test
    void events_arrive_one_by_one() throws Exception {
        serve((exchange, events) -> {
            events.comment("hello\nyou");
            for (int i = 0; i < 3; i++) {
                go.acquire();
                events.event("tick", Json.object().put("n", i).put("text", "a\nb"));
            }
        });
        try (RawClient client = ask("/events")) {
            assertThat(client.head())
                    .contains(
                            "HTTP/1.1 200 OK",
                            "Content-Type: text/event-stream",
                            "Cache-Control: no-store",
                            "X-Accel-Buffering: no");
            assertThat(client.chunk()).isEqualTo(": hello you\n\n");
            for (int i = 0; i < 3; i++) {
                go.release();
                assertThat(client.chunk()).isEqualTo("event: tick\ndata: {\"n\":" + i + ",\"text\":\"a\\nb\"}\n\n");
            }
            assertThat(client.chunk()).as("a proper end").isEmpty();
        }
        assertThat(ended).isCompletedExceptionally();
    }

    @Test
    void a_problem_before_the_first_event_is_answered_as_any_other() throws Exception {
        serve((exchange, events) -> {
            throw ProblemException.notFound("There is no such rollout.");
        });
        try (RawClient client = ask("/events")) {
            assertThat(client.head()).contains("HTTP/1.1 404 Not Found", "Content-Type: application/problem+json");
        }
    }

    @Test
    void a_failure_after_the_first_event_cuts_the_stream_and_is_logged() throws Exception {
        serve((exchange, events) -> {
            events.event("first", Json.object());
            throw new IllegalStateException("a bug");
        });
        try (RawClient client = ask("/events")) {
            client.head();
            client.chunk();
            assertThatThrownBy(client::chunk).isInstanceOf(IOException.class);
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("a bug");
    }

    @Test
    void a_caller_who_leaves_ends_the_action_quietly() throws Exception {
        serve((exchange, events) -> {
            while (events.pause(Duration.ofMillis(5))) {
                events.comment("still there?");
            }
        });
        try (RawClient client = ask("/events")) {
            client.head();
            client.chunk();
        }
        assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        server.close();
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContainIgnoringCase("error");
    }

    @Test
    void a_caller_who_does_not_read_slows_the_action_down() throws Exception {
        serve(this::flood);
        try (RawClient client = ask("/events")) {
            client.head();
            Thread.sleep(500);
            int before = sent.get();
            Thread.sleep(500);
            assertThat(sent).hasValue(before).hasValueLessThan(400);
            for (int i = 0; i < before + 5; i++) {
                client.chunk();
            }
            assertThat(sent.get()).as("it goes on").isGreaterThan(before);
            assertThat(stopMillis()).as("in the middle of a write").isLessThan(3000);
        }
        assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void a_stop_does_not_wait_for_streams_but_for_other_requests() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        serve((exchange, events) -> {
            events.event("first", Json.object());
            while (events.pause(Duration.ofHours(1))) {}
            assertThat(events.closing()).isTrue();
            closing.countDown();
            events.event("too late", Json.object());
        });
        try (RawClient stream = ask("/events");
                RawClient slow = ask("/slow")) {
            stream.head();
            stream.chunk();
            assertThat(slowBegan.await(5, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Long> stopped = CompletableFuture.supplyAsync(this::stopMillis);
            assertThat(closing.await(1, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.chunk()).as("a proper end").isEmpty();
            Thread.sleep(700);
            assertThat(stopped).as("a request is in flight").isNotDone();
            go.release();
            assertThat(slow.head()).contains("HTTP/1.1 200 OK");
            assertThat(stopped.get(5, TimeUnit.SECONDS)).isLessThan(3000);
            assertThat(slow.rest()).isEqualTo("{\"answered\":true}");
        }
        assertThat(ended.get()).isInstanceOf(IOException.class);
    }

    @Test
    void a_stop_cuts_an_action_that_takes_no_notice() throws Exception {
        serve((exchange, events) -> {
            events.event("first", Json.object());
            go.acquire();
            events.event("too late", Json.object());
        });
        try (RawClient client = ask("/events")) {
            client.head();
            client.chunk();
            assertThat(stopMillis()).isLessThan(3000);
            assertThatThrownBy(client::chunk).isInstanceOf(IOException.class);
        }
        go.release();
        assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContainIgnoringCase("error");
    }

    @Test
    void head_is_answered_without_running_the_action() throws Exception {
        serve(this::flood);
        try (RawClient client = RawClient.ask(address, "HEAD", "/events")) {
            assertThat(client.head()).contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream");
        }
        Counter heads = registry.get("modelward.http.requests")
                .tags("method", "HEAD", "status", "2xx")
                .counter();
        // A request is counted once it is over, which may be after its caller has read the answer.
        for (int i = 0; i < 400 && heads.count() == 0; i++) {
            Thread.sleep(25);
        }
        assertThat(heads.count()).isEqualTo(1);
        assertThat(sent).hasValue(0);
    }
}
