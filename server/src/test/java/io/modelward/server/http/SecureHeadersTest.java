package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Action;
import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SecureHeadersTest {

    private static final String HERE = "Host: 127.0.0.1";

    private static void assertGuarded(Answer answer, String policy) {
        assertThat(answer.headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("content-security-policy", policy)
                .doesNotContainKey("strict-transport-security");
    }

    @Test
    void every_answer_has_them_whoever_writes_it_and_each_once() throws IOException {
        try (NetworkServer server =
                new NetworkServer(HttpNetwork.local(Set.of()), new Listener("127.0.0.1", 0), table -> {
                    table.blocking("GET", "/page", Action.READ, exchange -> Reply.html(200, "<p>hello"));
                    table.blocking("GET", "/broken", Action.READ, exchange -> {
                        throw new IllegalStateException("broken");
                    });
                })) {
            String none = "default-src 'none'; frame-ancestors 'none'";
            assertGuarded(server.get("/who", HERE), none);
            assertGuarded(server.get("/livez", HERE), none);
            assertGuarded(server.get("/nothing", HERE), none);
            assertGuarded(server.get("/broken", HERE), none);
            assertGuarded(server.get("/who", "Host: evil.example"), none);
            assertGuarded(server.get("/who", HERE, "Bad Header: x"), none);
            assertGuarded(server.get("/page", HERE), Reply.PAGE_POLICY);
        }
    }

    @Test
    void what_may_hold_a_secret_is_kept_by_nobody() throws IOException {
        try (NetworkServer server = new NetworkServer(HttpNetwork.local(Set.of()))) {
            assertThat(server.get("/api/v1/access/tokens", HERE).headers()).containsEntry("cache-control", "no-store");
            assertThat(server.get("/who", HERE).headers()).doesNotContainKey("cache-control");
        }
    }
}
