package io.modelward.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.modelward.access.oidc.FakeProvider;
import io.modelward.core.json.Json;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The log-in of programs, against a provider on this machine. */
class ProgramLogInDoorTest {

    private static final String LOG_IN = "/api/v1/access/login";

    private static HttpResponse<String> bring(LogInServer server, String idToken) throws Exception {
        return server.post(
                LOG_IN, Json.write(Json.object().put("id_token", idToken)), "Content-Type", "application/json");
    }

    @Test
    void a_program_learns_where_to_log_in_and_gets_a_token_for_its_id_token() throws Exception {
        try (LogInServer server = new LogInServer()) {
            JsonNode described = Json.parse(server.get(LOG_IN).body(), "answer");
            assertThat(Json.write(described))
                    .isEqualTo(Json.write(Json.object()
                            .put("access", "on")
                            .put("issuer", server.provider.issuer())
                            .put("client_id", FakeProvider.CLIENT)
                            .put("scopes", "openid profile")
                            .put("device_authorization_endpoint", server.provider.issuer() + "/device")
                            .put("token_endpoint", server.provider.issuer() + "/token")));
            HttpResponse<String> answer =
                    bring(server, server.provider.sign(server.provider.person().build()));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            JsonNode made = Json.parse(answer.body(), "answer");
            assertThat(made.path("token").asString()).isEqualTo("text-1");
            assertThat(made.path("id").asString()).isEqualTo("id-text-1");
            assertThat(made.path("subject").asString()).isEqualTo("user:" + server.provider.issuer() + "#ann-0001");
            assertThat(Instant.parse(made.path("expires_at").asString())).isAfter(Instant.now());
            assertThat(server.logIns.tokens.get("text-1").groups()).containsExactly("ml-engineers");
        }
    }

    @Test
    void minio_cve_2026_33419_all_wrong_tokens_are_refused_in_the_same_words() throws Exception {
        try (LogInServer server = new LogInServer()) {
            JWTClaimsSet.Builder person = server.provider.person();
            Map<String, String> wrong = new LinkedHashMap<>();
            wrong.put("no token", "hello");
            wrong.put("alg=none", new PlainJWT(person.build()).serialize());
            wrong.put("another key", FakeProvider.sign(person.build(), FakeProvider.rsa("key-1")));
            wrong.put(
                    "expired",
                    server.provider.sign(server.provider
                            .person()
                            .expirationTime(Date.from(Instant.now().minusSeconds(100)))
                            .build()));
            wrong.put(
                    "another client",
                    server.provider.sign(
                            server.provider.person().audience("grafana").build()));
            wrong.put(
                    "another issuer",
                    server.provider.sign(server.provider
                            .person()
                            .issuer("https://login.example.org")
                            .build()));
            wrong.put(
                    "too long",
                    server.provider.sign(person.claim("x", "a".repeat(70_000)).build()));
            server.logIns.disabled.add("bob");
            wrong.put(
                    "disabled",
                    server.provider.sign(server.provider.person().subject("bob").build()));
            String words = bring(server, "x").body();
            assertThat(words).contains("urn:modelward:problem:unauthenticated", "id_token");
            for (Map.Entry<String, String> one : wrong.entrySet()) {
                HttpResponse<String> answer = bring(server, one.getValue());
                assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(401);
                assertThat(answer.body()).as(one.getKey()).isEqualTo(words);
            }
            assertThat(server.logIns.tokens).isEmpty();
            assertThat(bring(
                                    server,
                                    server.provider.sign(
                                            server.provider.person().build()))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void while_the_provider_is_away_nobody_is_told_that_their_token_is_wrong() throws Exception {
        try (LogInServer server = new LogInServer()) {
            server.provider.odd = exchange -> {
                exchange.sendResponseHeaders(503, -1);
                return true;
            };
            assertThat(server.get(LOG_IN).statusCode()).isEqualTo(503);
            assertThat(bring(
                                    server,
                                    server.provider.sign(
                                            server.provider.person().build()))
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void without_a_provider_the_answer_has_no_provider_and_no_token_is_taken() throws Exception {
        try (LogInServer server =
                new LogInServer(Map.of("access.oidc.issuer", "", "access.oidc.client", "", "access.oidc.secret", ""))) {
            assertThat(server.get(LOG_IN).body()).isEqualTo("{\"access\":\"on\"}");
            assertThat(bring(
                                    server,
                                    server.provider.sign(
                                            server.provider.person().build()))
                            .statusCode())
                    .isEqualTo(401);
        }
    }
}
