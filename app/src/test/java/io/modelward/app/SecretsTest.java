package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.ServerProcess.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that has secrets says none of them, whatever is asked and whatever goes wrong. */
@Timeout(180)
class SecretsTest {

    private static final String OIDC = "oidc-secret-5f1c9e";
    private static final String RECEIVER = "webhook-secret-5f1c9e";
    private static final String PASSWORD = "catalog-password-5f1c9e";
    private static final String GUESSED = "mwt_Guessed5f1c9eGuessed5f1c9eGuessed5f1c";
    private static final String SIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI1ZjFjOWUifQ.c2lnbmF0dXJlNWYxYzll";

    @TempDir
    Path directory;

    /** Makes the data directory, and the token of its first administrator. */
    private String bootstrap() throws IOException {
        Map<String, String> settings = Map.of(
                "server.listen", "127.0.0.1:0",
                "data.directory", directory.resolve("data").toString(),
                "runtime.environment", "/bin/false",
                "access.mode", "on");
        try (Application application = new Application(ConfigurationFile.read(Optional.empty(), settings), Map.of())) {
            return application.bootstrap().orElseThrow();
        }
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    @Test
    void cve_2025_48374_no_secret_is_in_the_log_the_audit_log_the_measures_or_any_answer() throws Exception {
        String administrator = bootstrap();
        String settings = """
                access.mode=on
                access.oidc.issuer=http://127.0.0.1:1
                access.oidc.client=modelward
                access.oidc.secret=%s
                webhooks.allow-private=true
                limits.failures=1000000/1m
                log.level=debug
                """.formatted(OIDC);
        List<String> told = new ArrayList<>();
        String made;
        try (ServerProcess server = ServerProcess.start(directory, settings)) {
            Answer token = server.call(
                    "POST",
                    "/api/v1/access/tokens",
                    "{\"name\":\"t\",\"grants\":[{\"role\":\"reader\",\"scope\":\"*\"}],\"expires\":\"1h\"}",
                    bearer(administrator));
            assertThat(token.status()).isEqualTo(201);
            made = token.body().path("token").asString();
            String webhook = "{\"name\":\"w\",\"url\":\"http://127.0.0.1:1/\",\"events\":[\"version.published\"],"
                    + "\"secret\":\"" + RECEIVER + "\"}";
            Answer hook = server.call("POST", "/api/v1/webhooks", webhook, bearer(administrator));
            assertThat(hook.status()).as(hook.toString()).isEqualTo(201);
            told.add(hook.toString());
            String id = hook.body().path("id").asString();
            for (String secret : List.of(made, GUESSED, SIGNED)) {
                errors(server, secret, told);
            }
            told.add(server.call("POST", "/api/v1/webhooks/" + id + "/test", "{}", bearer(administrator))
                    .toString());
            told.add(server.call(
                            "PATCH",
                            "/api/v1/webhooks/" + id,
                            "{\"secret\":\"" + RECEIVER + "\",\"url\":\"x\"}",
                            bearer(administrator))
                    .toString());
            told.add(server.call("POST", "/api/v1/webhooks", webhook.replace("}", ",\"x\":1}"), bearer(administrator))
                    .toString());
            for (String path : List.of(
                    "/api/v1/status",
                    "/api/v1/audit?page_size=100",
                    "/api/v1/webhooks",
                    "/api/v1/webhooks/" + id,
                    "/api/v1/access/tokens?all=true",
                    "/api/v1/access/users",
                    "/api/v1/access/grants",
                    "/api/v1/access/whoami",
                    "/api/2.0/mlflow/webhooks")) {
                Answer answer = server.call("GET", path, null, bearer(administrator));
                assertThat(answer.status()).as(path + answer).isEqualTo(200);
                told.add(answer.toString());
            }
            told.add(text(server, "/metrics", administrator));
            told.add(text(server, "/api/v1/access/login", ""));
            told.add(text(server, "/login", ""));
            told.add(text(server, "/login/start", ""));
            told.add(text(server, "/login/callback?code=" + OIDC.substring(0, 4) + "&state=x", ""));
        }
        String log = Files.readString(directory.resolve("stderr"));
        assertThat(log).contains("DEBUG");
        assertThat(told.toString()).contains("token.create", "modelward_");
        told.add(log);
        for (String secret : List.of(administrator, made, GUESSED, SIGNED, OIDC, RECEIVER)) {
            for (String text : told) {
                assertThat(text).doesNotContain(secret, secret.substring(secret.length() - 12));
            }
        }
        for (byte[] content : kept()) {
            String text = new String(content, StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain(administrator, made, OIDC, GUESSED, SIGNED);
        }
    }

    /** What goes wrong with a credential in all places in which people put one. */
    private static void errors(ServerProcess server, String secret, List<String> told) throws IOException {
        String basic = "Basic " + Base64.getEncoder().encodeToString(("x:" + secret).getBytes(StandardCharsets.UTF_8));
        String[][] headers = {
            bearer(secret),
            {"Authorization", basic},
            {"Authorization", secret},
            {"Authorization", "Digest " + secret},
            {"Cookie", "__Host-modelward=" + secret},
        };
        for (String[] header : headers) {
            told.add(again(server, "GET", "/api/v1/models/default/nothing", null, header)
                    .toString());
            told.add(again(server, "POST", "/predict/nothing", "{\"instances\":[[1]]}", header)
                    .toString());
            told.add(again(server, "POST", "/api/v1/models/default/x/drafts", "{\"a\":", header)
                    .toString());
            told.add(again(server, "GET", "/api/2.0/mlflow/runs/get?run_id=0", null, header)
                    .toString());
        }
        told.add(again(server, "POST", "/api/v1/access/login", "{\"id_token\":\"" + secret + "\"}")
                .toString());
        told.add(again(server, "DELETE", "/api/v1/access/tokens/t-0", "{\"reason\":\"\"}", bearer(secret))
                .toString());
        told.add(again(server, "GET", "/api/v1/models", null).toString());
    }

    /** Calls once more when the server had just closed the connection: it closes one on which it refused a body. */
    private static Answer again(ServerProcess server, String method, String path, Object body, String... headers)
            throws IOException {
        try {
            return server.call(method, path, body, headers);
        } catch (IOException closed) {
            if (!String.valueOf(closed.getMessage()).contains("received no bytes")) {
                throw closed;
            }
            return server.call(method, path, body, headers);
        }
    }

    private static String text(ServerProcess server, String path, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.address() + path));
            if (!token.isEmpty()) {
                request.headers(bearer(token));
            }
            return http.send(request.build(), BodyHandlers.ofString()).body();
        }
    }

    private List<byte[]> kept() throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        assertThat(contents).isNotEmpty();
        return contents;
    }

    @Test
    void cve_2025_48374_a_database_that_cannot_be_reached_is_told_of_without_its_password() throws Exception {
        for (String url : List.of(
                "postgresql://modelward:" + PASSWORD + "@127.0.0.1:1/catalog",
                "postgresql://modelward:" + PASSWORD + "@127.0.0.1:none/catalog",
                "postgresql://modelward:" + PASSWORD + "@127.0.0.1:1/catalog?odd=1",
                "postgres//modelward:" + PASSWORD + "@127.0.0.1:1/catalog")) {
            try (ServerProcess server = ServerProcess.start(directory, "catalog.url=" + url + "\nlog.level=debug\n")) {
                assertThat(server.started()).as(url).isFalse();
            }
            String log = Files.readString(directory.resolve("stderr"));
            assertThat(log).isNotBlank().doesNotContain(PASSWORD);
        }
    }
}
