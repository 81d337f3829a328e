package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.ServerProcess.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that ended other registries, against a server with a heap of 256 MiB. */
@Timeout(180)
class HostileInputTest {

    private static final String DRAFTS = "/api/v1/models/default/hostile/drafts";

    @TempDir
    static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory, "");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static void assertRefused(Answer answer, int... expected) throws IOException {
        assertThat(expected).contains(answer.status());
        assertThat(server.call("GET", "/livez", null).status()).isLessThan(300);
    }

    @Test
    void cve_2023_2253_a_page_of_two_billion_is_refused() throws IOException {
        for (String size : new String[] {"2147483647", "2147483648", "-1", "99999999999999999999"}) {
            assertRefused(server.call("GET", "/api/v1/models?page_size=" + size, null), 400);
        }
    }

    @Test
    void cve_2017_11468_a_json_line_of_a_gigabyte_is_refused_while_it_arrives() throws IOException {
        assertThat(pour(DRAFTS, "\"", "a", 1 << 30)).startsWith("HTTP/1.1 413");
        assertRefused(server.call("GET", "/api/v1/models", null), 200);
    }

    @Test
    void cve_2026_39414_json_a_million_levels_deep_is_refused() throws IOException {
        assertRefused(server.call("POST", DRAFTS, "[".repeat(1_000_000)), 400);
        assertRefused(server.call("POST", DRAFTS, "{\"a\":".repeat(300_000)), 400);
        assertRefused(server.call("POST", DRAFTS, "[".repeat(500_000) + "]".repeat(500_000)), 400);
    }

    @Test
    void cve_2023_30551_a_million_members_and_parameters_are_refused() throws IOException {
        StringBuilder members = new StringBuilder("{");
        for (int i = 0; i < 150_000; i++) {
            members.append(i == 0 ? "" : ",").append("\"m").append(i).append("\":1");
        }
        assertRefused(server.call("POST", DRAFTS, members.append("}").toString()), 400, 413, 429);
        assertRefused(server.call("GET", "/api/v1/models?" + "a=1&".repeat(2_500), null), 400, 414);
    }

    @Test
    void cve_2024_29902_a_compressed_body_is_not_unpacked() throws IOException {
        assertRefused(server.call("POST", DRAFTS, "{}", "Content-Encoding", "gzip"), 415);
    }

    /** Sends a body in chunks until the server answers or all is sent; the line that the answer begins with. */
    private static String pour(String path, String first, String filling, long size) throws IOException {
        URI address = URI.create(server.address());
        byte[] piece = filling.repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n1\r\n" + first + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (long sent = 0; sent < size && !in.ready(); sent += piece.length) {
                try {
                    out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.write(piece);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                    break;
                }
            }
            String line = in.readLine();
            return line == null ? "" : line;
        }
    }
}
