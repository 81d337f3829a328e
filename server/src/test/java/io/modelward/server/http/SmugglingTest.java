package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two readers could read differently, over raw sockets. */
@Timeout(60)
class SmugglingTest {

    private static final String SECOND = "GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static NetworkServer server;

    @BeforeAll
    static void start() {
        server = new NetworkServer(HttpNetwork.local(Set.of()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The request is answered 400, and the connection is closed before what follows is read. */
    private static void assertRefusedAndClosed(String request) throws IOException {
        try (RawClient client = RawClient.send(server.address, request + SECOND)) {
            Answer answer = Answer.of(client);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
            assertThat(client.rest()).as("what follows is not answered").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5, 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 5 5",
                "Content-Length: 99999999999999999999",
                "Content-Length : 5",
                "Content-Length:\u000b5",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked, identity",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: \"chunked\"",
                "X-Folded: one\r\n Transfer-Encoding: chunked\r\nContent-Length: 5",
                "X-Folded: one\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 5",
                "X-Bare: a\nTransfer-Encoding: chunked\r\nContent-Length: 5",
                "X-Bare: a\rTransfer-Encoding: chunked\r\nContent-Length: 5",
                "X-Nul: a\u0000b\r\nContent-Length: 5",
                "X Y: a\r\nContent-Length: 5",
                ": a\r\nContent-Length: 5",
                "Host: localhost\r\nContent-Length: 5"
            })
    void asvs_4_2_1_a_request_that_can_be_read_in_two_ways_is_refused_and_the_connection_closed(String headers)
            throws IOException {
        assertRefusedAndClosed("POST /echo HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n0\r\n\r\n");
    }

    @Test
    void asvs_4_2_1_a_bare_line_feed_ends_no_line() throws IOException {
        assertRefusedAndClosed("GET /who HTTP/1.1\nHost: localhost\n\n");
        assertRefusedAndClosed("GET /who HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\n{\"a\":1}\r\n0\r\n\r\n",
                "g\r\n",
                "0x7\r\n{\"a\":1}\r\n0\r\n\r\n",
                "-7\r\n{\"a\":1}\r\n",
                "7;\n"
            })
    void asvs_4_2_1_a_chunk_that_can_be_read_in_two_ways_is_refused(String body) throws IOException {
        try (RawClient client = RawClient.send(
                server.address,
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body + SECOND)) {
            Answer answer = Answer.of(client);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void a_plain_request_is_answered_and_so_is_the_next() throws IOException {
        try (RawClient client = RawClient.send(
                server.address,
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n{\"a\":1}" + SECOND)) {
            assertThat(Answer.of(client).status()).isEqualTo(200);
            assertThat(Answer.of(client).status()).isEqualTo(200);
        }
    }

    @Test
    void long_lines_and_headers_are_refused() throws IOException {
        assertThat(server.get("/who?a=" + "a".repeat(8000), "Host: localhost").status())
                .isEqualTo(200);
        assertThat(server.get("/who?a=" + "a".repeat(9000), "Host: localhost").status())
                .isEqualTo(414);
        assertThat(server.get("/who", "Host: localhost", "X: " + "a".repeat(12_000))
                        .status())
                .isEqualTo(200);
        assertThat(server.get("/who", "Host: localhost", "X: " + "a".repeat(17_000))
                        .status())
                .isEqualTo(431);
    }
}
