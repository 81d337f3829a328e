package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Action;
import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who send or take little, and so are never silent. */
@Timeout(60)
class SlowCallersTest {

    private static final String HEAD = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";

    @Test
    void headers_that_do_not_end_are_cut_and_a_silent_connection_is_not() throws IOException {
        try (NetworkServer server = new NetworkServer(HttpNetwork.local(Set.of()));
                RawClient slow = RawClient.send(server.address, HEAD);
                RawClient silent = RawClient.send(server.address, "");
                RawClient second = RawClient.send(server.address, HEAD + "\r\n")) {
            assertThat(Answer.of(second).status()).isEqualTo(204);
            server.look(4);
            slow.more("X-A: b\r\n");
            second.more(HEAD);
            // The same server answers another call, so it has read what was sent before.
            assertThat(server.get("/livez", "Host: localhost").status()).isEqualTo(204);
            server.look(6);
            assertThat(slow.rest()).as("a first request").isEmpty();
            assertThat(second.rest()).as("a second one").isEmpty();
            silent.more(HEAD + "\r\n");
            assertThat(Answer.of(silent).status()).isEqualTo(204);
        }
    }

    @Test
    void the_server_looks_by_itself() throws IOException {
        try (NetworkServer server = new NetworkServer(HttpNetwork.local(Set.of()));
                RawClient slow = RawClient.send(server.address, HEAD)) {
            long start = System.nanoTime();
            assertThat(slow.rest()).isEmpty();
            assertThat(System.nanoTime() - start).isBetween(TimeUnit.SECONDS.toNanos(4), TimeUnit.SECONDS.toNanos(12));
        }
    }

    @Test
    void work_that_takes_long_is_no_slow_caller() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (NetworkServer server = new NetworkServer(
                        HttpNetwork.local(Set.of()),
                        new Listener("127.0.0.1", 0),
                        table -> table.blocking("GET", "/slow", Action.READ, exchange -> {
                            go.await();
                            return Reply.nothing();
                        }));
                RawClient client = RawClient.send(server.address, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(server.get("/livez", "Host: localhost").status()).isEqualTo(204);
            server.look(1000);
            go.countDown();
            assertThat(Answer.of(client).status()).isEqualTo(204);
        }
    }

    @Test
    void an_answer_that_is_not_taken_is_cut() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (NetworkServer server = new NetworkServer(
                        HttpNetwork.local(Set.of()),
                        new Listener("127.0.0.1", 0),
                        table -> table.blocking(
                                "GET",
                                "/large",
                                Action.READ,
                                exchange -> Reply.written(out -> {
                                    try {
                                        for (int i = 0; i < 1000; i++) {
                                            out.write(new byte[1 << 16]);
                                        }
                                    } finally {
                                        ended.countDown();
                                    }
                                })));
                RawClient client = RawClient.send(server.address, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(client.head().getFirst()).contains("200");
            Thread.sleep(1000);
            server.look(50);
            assertThat(ended.await(500, TimeUnit.MILLISECONDS))
                    .as("within the first minute")
                    .isFalse();
            server.look(62);
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void many_who_do_not_take_their_answers_are_cut_sooner() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        try (NetworkServer server = new NetworkServer(
                HttpNetwork.local(Set.of()),
                new Listener("127.0.0.1", 0),
                table -> table.blocking(
                        "GET",
                        "/large",
                        Action.READ,
                        exchange -> Reply.written(out -> {
                            try {
                                for (int i = 0; i < 1000; i++) {
                                    out.write(new byte[1 << 16]);
                                    written.incrementAndGet();
                                }
                            } finally {
                                ended.incrementAndGet();
                            }
                        })))) {
            for (int i = 0; i < 510; i++) {
                slow.add(RawClient.send(server.address, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }
            for (RawClient client : slow) {
                assertThat(client.head().getFirst()).contains("200");
            }
            // All wait for their callers when nothing more is written.
            for (int before = -1; before != written.get(); ) {
                before = written.get();
                Thread.sleep(1000);
            }
            server.look(12);
            for (int tries = 0; tries < 100 && ended.get() < 510; tries++) {
                Thread.sleep(100);
            }
            assertThat(ended).hasValue(510);
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void an_upload_that_trickles_is_answered_408_and_holds_no_thread() throws Exception {
        try (ExecutorService one = Executors.newSingleThreadExecutor();
                NetworkServer server = new NetworkServer(
                        HttpNetwork.local(Set.of()),
                        new Listener("127.0.0.1", 0),
                        table -> table.async(
                                "PUT", "/file", Action.READ, exchange -> UploadTask.start(exchange, Sink::new, one)));
                RawClient slow = RawClient.send(
                        server.address, "PUT /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n")) {
            long start = System.nanoTime();
            // The server closes the connection after its answer, so that what is sent then is lost.
            for (int i = 0; !slow.hasMore() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20); i++) {
                slow.more("a");
                Thread.sleep(500);
                if (i % 8 == 0) {
                    try (RawClient quick = RawClient.send(
                            server.address, "PUT /file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc")) {
                        assertThat(Answer.of(quick).status()).isEqualTo(204);
                    }
                }
            }
            long answered = System.nanoTime() - start;
            assertThat(Answer.of(slow).status()).isEqualTo(408);
            assertThat(answered).isBetween(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(20));
        }
    }

    private static final class Sink implements UploadSink {
        @Override
        public void write(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public Reply finish() {
            return Reply.nothing();
        }

        @Override
        public void close() {}
    }
}
