package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTest {

    @Test
    void every_request_to_the_server_has_the_token() {
        try (FakeServer server = new FakeServer();
                ModelwardClient client = with("mwt_x", server)) {
            client.status();
            client.access().logOut();
            client.access().removeGrant("g-1/..", "why");
            assertThat(server.asked())
                    .extracting(one -> one.headers().get("Authorization"))
                    .containsOnly(List.of("Bearer mwt_x"))
                    .hasSize(3);
            assertThat(server.asked().getLast().target()).isEqualTo("/api/v1/access/grants/g-1%2F..?reason=why");
        }
    }

    @Test
    void a_redirect_is_not_followed() {
        try (FakeServer elsewhere = new FakeServer();
                FakeServer server = new FakeServer();
                ModelwardClient client = with("mwt_x", server)) {
            server.answering(_ -> new FakeServer.Told(307, elsewhere.url() + "/", new byte[0]));
            assertThatThrownBy(client::status).isInstanceOf(Unreachable.class).hasMessageContaining("307");
            assertThat(server.asked()).hasSize(1);
            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void a_token_is_not_sent_to_another_origin() {
        try (FakeServer server = new FakeServer();
                ModelwardClient client = new ModelwardClient(
                        server.url(),
                        "tester",
                        Optional.of(Bearer.of("mwt_x", URI.create("https://models.example.org"))))) {
            client.status();
            assertThat(server.asked().getFirst().headers().get("Authorization")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mwt_x\r\nX: y", "mwt x", "mwt_ü"})
    void what_no_header_can_carry_is_no_token_and_is_not_shown(String text) {
        assertThatThrownBy(() -> Bearer.of(text, URI.create("https://models.example.org")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("mwt");
    }

    @Test
    void a_token_does_not_print_itself() {
        assertThat(Bearer.of("mwt_x", URI.create("https://models.example.org")).toString())
                .isEqualTo("a token for https://models.example.org:443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example",
                "http://localhost:1",
                "http://127.0.0.1",
                "http://127.9.9.9:2",
                "http://[::1]:1"
            })
    void nobody_reads_what_is_encrypted_or_stays_here(String url) {
        assertThat(Origin.of(URI.create(url)).isPrivate()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a.example",
                "http://10.0.0.1",
                "http://localhost.example.org",
                "http://127.0.0.1.example.org",
                "http://[::2]:1",
                "http://0.0.0.0"
            })
    void others_may_read_what_goes_over_a_network_unencrypted(String url) {
        assertThat(Origin.of(URI.create(url)).isPrivate()).isFalse();
    }

    private static ModelwardClient with(String token, FakeServer server) {
        return new ModelwardClient(server.url(), "tester", Optional.of(Bearer.of(token, server.url())));
    }
}
