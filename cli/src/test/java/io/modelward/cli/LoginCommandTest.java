package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.client.KeptTokens;
import io.modelward.client.Origin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in and out, over a server that is a provider too. */
class LoginCommandTest {

    private final FakeServer server = new FakeServer();
    private final AtomicBoolean entered = new AtomicBoolean();

    @TempDir
    private Path home;

    @AfterEach
    void close() {
        server.close();
    }

    private Ran run(String in, String... arguments) {
        Map<String, String> environment = new TreeMap<>(Map.of("HOME", home.toString()));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--url=" + server.url());
        return Ran.modelward(
                new Surroundings(environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8))),
                all.toArray(String[]::new));
    }

    private String kept() throws IOException {
        return KeptTokens.ofUser(Map.of("HOME", home.toString()))
                .find(Origin.of(server.url()))
                .map(KeptTokens.Kept::token)
                .orElse("");
    }

    private FakeServer.Told provider(FakeServer.Asked asked) {
        String described = "{\"access\":\"on\",\"issuer\":\"https://login.example.org\",\"client_id\":\"c\","
                + "\"scopes\":\"openid\",\"device_authorization_endpoint\":\"" + server.url() + "/device\","
                + "\"token_endpoint\":\"" + server.url() + "/token\"}";
        return switch (asked.method() + " " + asked.target()) {
            case "GET /api/v1/access/login" -> FakeServer.json(200, described);
            case "POST /device" ->
                FakeServer.json(
                        200,
                        "{\"device_code\":\"d\",\"user_code\":\"ABCD\",\"verification_uri\":\"https://login.example.org/d\","
                                + "\"expires_in\":600,\"interval\":1}");
            case "POST /token" ->
                entered.getAndSet(true)
                        ? FakeServer.json(200, "{\"id_token\":\"ey.J\"}")
                        : FakeServer.json(400, "{\"error\":\"authorization_pending\"}");
            case "POST /api/v1/access/login" ->
                FakeServer.json(
                        200,
                        "{\"id\":\"t-1\",\"token\":\"mwt_new\",\"expires_at\":\"2027-01-02T03:04:05Z\","
                                + "\"subject\":\"user:https://login.example.org#ann\"}");
            default -> FakeServer.json(500, "{\"detail\":\"unexpected\"}");
        };
    }

    @Test
    void a_person_enters_a_code_and_the_token_is_kept() throws IOException {
        server.answering(this::provider);
        Ran ran = run("", "login");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Open https://login.example.org/d", "enter the code ABCD", "10 minutes");
        assertThat(ran.out()).contains("You are user:https://login.example.org#ann", "until 2027-01-02 03:04:05Z");
        assertThat(ran.out() + ran.err()).doesNotContain("mwt_new");
        assertThat(kept()).isEqualTo("mwt_new");
        assertThat(new String(server.asked().getLast().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"id_token\":\"ey.J\"}");
    }

    @Test
    void a_token_is_checked_before_it_is_kept() throws IOException {
        server.answering(_ -> FakeServer.json(401, "{\"detail\":\"The credential is not valid.\"}"));
        assertThat(run("mwt_bad\n", "login", "--token", "-").code()).isEqualTo(9);
        assertThat(kept()).isEmpty();
        server.answering(
                _ -> FakeServer.json(200, "{\"access\":\"on\",\"subject\":\"service:ci\",\"expires_at\":\"\"}"));
        Ran ran = run("mwt_good\n", "login", "--token", "-", "--json");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("\"subject\" : \"service:ci\"").doesNotContain("mwt_good");
        assertThat(kept()).isEqualTo("mwt_good");
        assertThat(server.asked().getLast().headers().getFirst("Authorization")).isEqualTo("Bearer mwt_good");
    }

    @Test
    void where_nobody_is_asked_who_he_is_nothing_is_kept() throws IOException {
        server.answering(_ -> FakeServer.json(200, "{\"access\":\"off\",\"subject\":\"ann\",\"verified\":false}"));
        assertThat(run("", "login").out()).contains("nothing to log in to");
        assertThat(run("mwt_x\n", "login", "--token", "-").code()).isZero();
        assertThat(kept()).isEmpty();
    }

    @Test
    void a_server_without_a_provider_says_how_else() {
        server.answering(_ -> FakeServer.json(200, "{\"access\":\"on\"}"));
        Ran ran = run("", "login");
        assertThat(ran.code()).isEqualTo(9);
        assertThat(ran.err()).contains("modelward login --token -");
    }

    @Test
    void a_log_out_ends_the_token_and_forgets_it() throws IOException {
        server.answering(this::provider);
        run("", "login");
        server.answering(_ -> FakeServer.json(200, ""));
        Ran ran = run("", "logout");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(server.asked().getLast().target()).isEqualTo("/api/v1/access/logout");
        assertThat(server.asked().getLast().headers().getFirst("Authorization")).isEqualTo("Bearer mwt_new");
        assertThat(kept()).isEmpty();
        assertThat(run("", "logout").out()).contains("You are not logged in");
    }

    @Test
    void a_token_is_forgotten_also_when_the_server_is_away() throws IOException {
        server.answering(this::provider);
        run("", "login");
        server.close();
        Ran ran = run("", "logout");
        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.err()).contains("forgotten here", "did not end it");
        assertThat(kept()).isEmpty();
    }
}
