package io.modelward.server.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.modelward.access.oidc.FakeProvider;
import io.modelward.server.login.LogInServer.Returning;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log-in of browsers, from the page to the session, against a provider on this machine. */
class LogInDoorTest {

    private LogInServer server;

    @BeforeEach
    void open() throws Exception {
        server = new LogInServer();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static void requireNoSession(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(LogInServer.cookie(answer, LogInServer.SESSION_COOKIE)).isEmpty();
        assertThat(answer.body()).contains("The log-in did not succeed").doesNotContain("provider's own words");
    }

    private static Map<String, String> query(String location) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : URI.create(location).getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void a_person_logs_in_sees_who_they_are_and_logs_out() throws Exception {
        HttpResponse<String> page = server.get("/login?next=/models");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("href=\"/login/start?next=%2Fmodels\"").doesNotContain("<script");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'");

        HttpResponse<String> started = server.get("/login/start?next=/models");
        assertThat(started.statusCode()).isEqualTo(303);
        Map<String, String> asked = query(LogInServer.location(started));
        assertThat(LogInServer.location(started)).startsWith(server.provider.issuer() + "/authorize?");
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", FakeProvider.CLIENT)
                .containsEntry("redirect_uri", server.address + "/login/callback")
                .containsEntry("scope", "openid profile")
                .containsEntry("code_challenge_method", "S256");
        assertThat(asked.get("state")).hasSize(43).isNotEqualTo(asked.get("nonce"));
        assertThat(started.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .contains("__Host-modelward-login=", "; Path=/; Secure; HttpOnly; SameSite=Lax", "Max-Age=600")
                .doesNotContain(asked.get("state"), asked.get("nonce"));

        HttpResponse<String> ended = server.comesBack(server.atProvider("/login/start?next=/models"));
        assertThat(ended.statusCode()).isEqualTo(303);
        assertThat(LogInServer.location(ended)).isEqualTo("/models");
        assertThat(ended.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("__Host-modelward-login=;") && cookie.contains("Max-Age=0"))
                .anyMatch(cookie -> cookie.startsWith("__Host-modelward=text-1; Max-Age=")
                        && cookie.endsWith("; Path=/; Secure; HttpOnly; SameSite=Lax"));
        assertThat(server.logIns.sessions.get("text-1").subject()).isEqualTo("ann-0001");
        assertThat(server.logIns.sessions.get("text-1").groups()).containsExactly("ml-engineers");

        String session = LogInServer.SESSION_COOKIE + "=text-1";
        assertThat(server.get("/login", "Cookie", session).body())
                .contains("You are logged in as <code>user:" + server.provider.issuer() + "#ann-0001</code>");
        assertThat(server.get("/login", "Cookie", session).headers().firstValue("Referrer-Policy"))
                .as("under no-referrer the form would be sent with Origin: null")
                .contains("same-origin");
        HttpResponse<String> out = server.post("/logout", "", "Cookie", session, "Origin", server.address);
        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("__Host-modelward=; Max-Age=0");
        assertThat(server.logIns.sessions).isEmpty();
        assertThat(server.get("/login", "Cookie", session).body()).contains("/login/start");
    }

    @Test
    void harbor_cve_2019_19025_a_page_of_another_site_cannot_log_anybody_out() throws Exception {
        server.comesBack(server.atProvider("/login/start"));
        String session = LogInServer.SESSION_COOKIE + "=text-1";
        for (String[] foreign :
                new String[][] {{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}
                }) {
            assertThat(server.post("/logout", "", "Cookie", session, foreign[0], foreign[1])
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(server.get("/logout", "Cookie", session).statusCode()).isEqualTo(405);
        assertThat(server.logIns.sessions).hasSize(1);
    }

    @Test
    void without_a_next_page_the_browser_goes_to_the_overview() throws Exception {
        assertThat(LogInServer.location(server.comesBack(server.atProvider("/login/start"))))
                .isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/\\evil.example",
                "\\evil.example",
                "https:evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "evil.example",
                "///evil.example",
                "/%2Fevil.example",
                "/%5Cevil.example",
                "%2F%2Fevil.example",
                "/%252Fevil.example",
                "/.//evil.example",
                "/a//evil.example",
                "/\tevil",
                "/\r\nSet-Cookie: a=b",
                "/%0d%0aSet-Cookie:a=b",
                " //evil.example",
                "/é",
                ""
            })
    void gitea_cve_2023_3515_harbor_cve_2024_22244_a_next_page_elsewhere_is_none(String next) throws Exception {
        assertThat(NextPage.of(Optional.of(next))).isEqualTo("/");
        String encoded = java.net.URLEncoder.encode(next, StandardCharsets.UTF_8);
        assertThat(server.get("/login?next=" + encoded).body()).doesNotContain("evil");
        assertThat(LogInServer.location(server.comesBack(server.atProvider("/login/start?next=" + encoded))))
                .isEqualTo("/");
    }

    @Test
    void a_next_page_here_is_kept_with_its_query() {
        for (String next : List.of("/models", "/models/a%20b?tab=files&path=a%2Fb#top", "/a/b/", "/login")) {
            assertThat(NextPage.of(Optional.of(next))).isEqualTo(next);
        }
        assertThat(NextPage.of(Optional.of("/" + "a".repeat(1000)))).isEqualTo("/");
    }

    @Test
    void gitea_cve_2026_20779_of_many_who_bring_one_answer_of_the_provider_one_logs_in() throws Exception {
        Returning browser = server.atProvider("/login/start");
        List<Future<Integer>> tries = new ArrayList<>();
        try (ExecutorService many = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 16; i++) {
                tries.add(many.submit(() -> server.comesBack(browser).statusCode()));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> one : tries) {
            statuses.add(one.get());
        }
        assertThat(statuses).containsOnlyOnce(303);
        assertThat(statuses.stream().filter(status -> status == 400)).hasSize(15);
        assertThat(server.provider.forms).hasSize(1);
        requireNoSession(server.comesBack(browser), 400);
        assertThat(server.logIns.sessions).hasSize(1);
    }

    @Test
    void a_log_in_that_began_elsewhere_long_ago_or_never_is_not_ended() throws Exception {
        Returning browser = server.atProvider("/login/start");
        Returning other = server.atProvider("/login/start");
        requireNoSession(server.get(browser.path()), 400);
        requireNoSession(server.comesBack(new Returning(browser.path(), other.cookie())), 400);
        requireNoSession(server.comesBack(new Returning(browser.path(), "A".repeat(100))), 400);
        requireNoSession(server.comesBack(new Returning(browser.path(), "x")), 400);
        String changed = browser.cookie().substring(0, 60)
                + (browser.cookie().charAt(60) == 'A' ? 'B' : 'A')
                + browser.cookie().substring(61);
        requireNoSession(server.comesBack(new Returning(browser.path(), changed)), 400);
        String path = browser.path().replaceAll("state=[^&]*", "state=guess");
        requireNoSession(server.comesBack(new Returning(path, browser.cookie())), 400);
        requireNoSession(server.comesBack(new Returning(browser.path() + "&state=twice", browser.cookie())), 400);
        server.offset.set(601);
        requireNoSession(server.comesBack(browser), 400);
        server.offset.set(0);
        assertThat(server.comesBack(browser).statusCode()).isEqualTo(303);
        assertThat(server.provider.forms).hasSize(1);
    }

    private HttpResponse<String> withClaims(UnaryOperator<JWTClaimsSet.Builder> claims) throws Exception {
        server.provider.claims = claims;
        return server.comesBack(server.atProvider("/login/start"));
    }

    @Test
    void an_id_token_of_another_log_in_issuer_client_key_or_time_begins_no_session() throws Exception {
        Date past = Date.from(Instant.now().minusSeconds(100));
        requireNoSession(withClaims(claims -> claims.claim("nonce", "another")), 403);
        requireNoSession(withClaims(claims -> claims.claim("nonce", null)), 403);
        requireNoSession(withClaims(claims -> claims.issuer("https://login.example.org")), 403);
        requireNoSession(withClaims(claims -> claims.audience("grafana")), 403);
        requireNoSession(withClaims(claims -> claims.claim("azp", "grafana")), 403);
        requireNoSession(withClaims(claims -> claims.expirationTime(past)), 403);
        requireNoSession(withClaims(claims -> claims.subject(null)), 403);
        server.provider.claims = claims -> claims;
        server.provider.key = FakeProvider.rsa("key-1");
        requireNoSession(server.comesBack(server.atProvider("/login/start")), 403);
        server.provider.published = List.of(server.provider.key.toPublicJWK());
        assertThat(server.logIns.sessions).isEmpty();
    }

    @Test
    void what_the_provider_refuses_or_another_one_answers_begins_no_session() throws Exception {
        Returning browser = server.atProvider("/login/start");
        String denied = browser.path().replaceAll("code=[^&]*", "error=access_denied&error_description=<b>evil");
        HttpResponse<String> answer =
                server.comesBack(new Returning(denied.replace("<b>", "%3Cb%3E"), browser.cookie()));
        requireNoSession(answer, 403);
        assertThat(answer.body()).doesNotContain("evil", "access_denied");
        Returning mixed = server.atProvider("/login/start");
        requireNoSession(
                server.comesBack(new Returning(mixed.path() + "&iss=https://evil.example", mixed.cookie())), 403);
        Returning codeless = server.atProvider("/login/start");
        requireNoSession(
                server.comesBack(new Returning(codeless.path().replaceAll("code=[^&]*&", ""), codeless.cookie())), 403);
        Returning wrongCode = server.atProvider("/login/start");
        requireNoSession(
                server.comesBack(
                        new Returning(wrongCode.path().replaceAll("code=[^&]*", "code=guess"), wrongCode.cookie())),
                403);
        Returning named = server.atProvider("/login/start");
        assertThat(server.comesBack(new Returning(named.path() + "&iss=" + server.provider.issuer(), named.cookie()))
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void gitea_cve_2026_58422_whoever_was_disabled_stays_out() throws Exception {
        server.logIns.disabled.add("ann-0001");
        requireNoSession(server.comesBack(server.atProvider("/login/start")), 403);
        assertThat(server.logIns.asked).hasValue(1);
    }

    @Test
    void while_the_provider_is_away_the_page_says_so() throws Exception {
        server.provider.odd = exchange -> {
            exchange.sendResponseHeaders(503, -1);
            return true;
        };
        HttpResponse<String> answer = server.get("/login/start");
        requireNoSession(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("30");
        assertThat(answer.body()).contains("cannot be reached now").doesNotContain(server.provider.issuer());
    }

    @Test
    void a_provider_that_says_that_it_names_itself_must_do_so() throws Exception {
        server.provider.discovery = document -> document.put("authorization_response_iss_parameter_supported", true);
        Returning nameless = server.atProvider("/login/start");
        requireNoSession(server.comesBack(nameless), 403);
        Returning named = server.atProvider("/login/start");
        assertThat(server.comesBack(new Returning(named.path() + "&iss=" + server.provider.issuer(), named.cookie()))
                        .statusCode())
                .isEqualTo(303);
    }

    @Test
    void the_public_url_of_the_settings_is_where_the_provider_sends_browsers_back_to() throws Exception {
        try (LogInServer behind = new LogInServer(Map.of("access.oidc.url", "https://models.example.org/"))) {
            assertThat(query(LogInServer.location(behind.get("/login/start"))))
                    .containsEntry("redirect_uri", "https://models.example.org/login/callback");
        }
    }

    @Test
    void without_a_provider_the_page_says_that_programs_use_tokens() throws Exception {
        try (LogInServer lonely =
                new LogInServer(Map.of("access.oidc.issuer", "", "access.oidc.client", "", "access.oidc.secret", ""))) {
            for (String path : List.of("/login", "/login/start", "/login/callback?state=a&code=b")) {
                HttpResponse<String> page = lonely.get(path);
                assertThat(page.statusCode()).isEqualTo(200);
                assertThat(page.body()).contains("has no identity provider", "Authorization: Bearer");
            }
        }
    }

    @Test
    void the_style_sheet_of_the_pages_is_there() throws Exception {
        HttpResponse<String> style = server.get("/static/login.css");
        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(style.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
        assertThat(server.get("/login").body()).contains("href=\"/static/login.css\"");
    }
}
