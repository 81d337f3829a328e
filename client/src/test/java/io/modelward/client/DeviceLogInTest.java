package io.modelward.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class DeviceLogInTest {

    private static final String CODES = """
            {"device_code":"dc/1","user_code":"WDJB-MJHT","verification_uri":"https://login.example.org/device",
             "verification_uri_complete":"https://login.example.org/device?user_code=WDJB-MJHT",
             "expires_in":60,"interval":2}""";

    private final FakeServer provider = new FakeServer();
    private final List<Long> waited = new ArrayList<>();
    private final Deque<FakeServer.Told> answers = new ArrayDeque<>();
    private long seconds;

    @AfterEach
    void close() {
        provider.close();
    }

    private ObjectNode described() {
        return Json.object()
                .put("access", "on")
                .put("issuer", "https://login.example.org")
                .put("client_id", "modelward cli")
                .put("scopes", "openid groups")
                .put("device_authorization_endpoint", provider.url() + "/device")
                .put("token_endpoint", provider.url() + "/token");
    }

    private DeviceLogIn logIn(String... tokenAnswers) {
        for (String answer : tokenAnswers) {
            answers.add(FakeServer.json(answer.contains("id_token") ? 200 : 400, answer));
        }
        provider.answering(asked -> asked.target().equals("/device")
                ? FakeServer.json(200, CODES)
                : answers.size() > 1 ? answers.poll() : answers.peek());
        return new DeviceLogIn(
                described(),
                time -> {
                    waited.add(time.toSeconds());
                    seconds += time.toSeconds();
                },
                () -> Duration.ofSeconds(seconds).toNanos());
    }

    private static String error(String word) {
        return "{\"error\":\"" + word + "\"}";
    }

    @Test
    void a_person_gets_an_address_and_a_code_and_is_waited_for() {
        try (DeviceLogIn logIn = logIn(
                error("authorization_pending"),
                error("slow_down"),
                error("authorization_pending"),
                "{\"id_token\":\"ey.J\"}")) {
            DeviceLogIn.Codes codes = logIn.begin();
            assertThat(codes.page()).isEqualTo("https://login.example.org/device");
            assertThat(codes.whole()).contains("https://login.example.org/device?user_code=WDJB-MJHT");
            assertThat(codes.code()).isEqualTo("WDJB-MJHT");
            assertThat(logIn.await(codes)).isEqualTo("ey.J");
        }
        assertThat(waited).containsExactly(2L, 2L, 7L, 7L);
        assertThat(new String(provider.asked().getFirst().body(), StandardCharsets.UTF_8))
                .isEqualTo("client_id=modelward+cli&scope=openid+groups");
        assertThat(new String(provider.asked().getLast().body(), StandardCharsets.UTF_8))
                .isEqualTo("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=dc%2F1"
                        + "&client_id=modelward+cli");
        assertThat(provider.asked())
                .allSatisfy(asked ->
                        assertThat(asked.headers().keySet()).doesNotContain("Authorization", "Modelward-actor"));
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, was refused at the identity provider",
        "expired_token, was not entered in time",
        "invalid_client, with the error invalid_client"
    })
    void a_refusal_ends_the_log_in(String word, String said) {
        try (DeviceLogIn logIn = logIn(error(word))) {
            DeviceLogIn.Codes codes = logIn.begin();
            assertThatThrownBy(() -> logIn.await(codes))
                    .isInstanceOf(DeviceLogInFailed.class)
                    .hasMessageContaining(said);
        }
        assertThat(waited).hasSize(1);
    }

    @Test
    void nobody_waits_longer_than_the_code_is_good() {
        try (DeviceLogIn logIn = logIn(error("authorization_pending"))) {
            DeviceLogIn.Codes codes = logIn.begin();
            assertThatThrownBy(() -> logIn.await(codes)).hasMessageContaining("was not entered in time");
        }
        assertThat(waited).hasSize(30);
    }

    @Test
    void a_provider_that_fails_is_asked_more_rarely() {
        try (DeviceLogIn logIn = logIn("{\"id_token\":\"ey.J\"}")) {
            answers.addFirst(FakeServer.json(503, "{}"));
            answers.addFirst(FakeServer.json(503, "{}"));
            assertThat(logIn.await(logIn.begin())).isEqualTo("ey.J");
        }
        assertThat(waited).containsExactly(2L, 4L, 8L);
    }

    @Test
    void an_answer_without_an_id_token_names_the_scope_that_is_missing() {
        try (DeviceLogIn logIn = logIn("{\"id_token\":\"\",\"access_token\":\"a\"}")) {
            DeviceLogIn.Codes codes = logIn.begin();
            assertThatThrownBy(() -> logIn.await(codes)).hasMessageContaining("must have openid");
        }
    }

    @Test
    void codes_are_asked_for_over_https_only() {
        assertThatThrownBy(() ->
                        new DeviceLogIn(described().put("token_endpoint", "http://login.example.org/token")).close())
                .isInstanceOf(DeviceLogInFailed.class)
                .hasMessageContaining("token_endpoint");
        assertThatThrownBy(() -> new DeviceLogIn(described().put("device_authorization_endpoint", "no url")).close())
                .isInstanceOf(DeviceLogInFailed.class);
    }

    @Test
    void a_server_without_a_provider_takes_a_token_only() {
        assertThatThrownBy(() -> new DeviceLogIn(Json.object().put("access", "on")).close())
                .hasMessageContaining("no identity provider")
                .hasMessageContaining("login --token -");
    }
}
