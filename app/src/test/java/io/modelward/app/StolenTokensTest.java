package io.modelward.app;

import static io.modelward.app.GuardedServer.ARTIFACTS;
import static io.modelward.app.GuardedServer.MLFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are limited, guessed, or taken away while they are used. */
class StolenTokensTest {

    @TempDir
    static Path directory;

    private static GuardedServer server;
    private static Caller owner;
    private static String folder;
    private static String experiment;
    private static String run;

    @BeforeAll
    static void start() throws Exception {
        server = GuardedServer.start(directory);
        owner = server.caller("owner", "owner on model:*", "owner on experiment:*", "owner on endpoint:*");
        server.publish(owner, "default/iris", "1.0.0", "iris");
        server.publish(owner, "default/rose", "1.0.0", "rose");
        folder = owner.folder("rose");
        experiment = owner.experiment("lab");
        run = owner.run(experiment);
        owner.put(ARTIFACTS + experiment + "/" + run + "/artifacts/a.txt", "text".getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Every door for what a token of its owner that is limited to another model must not reach. */
    private static List<String> downloads() {
        return List.of(
                "/api/v1/models/default/rose",
                "/api/v1/models/default/rose/versions/1.0.0/files/model.joblib",
                "/api/v1/models/default/rose/versions/1.0.0/card",
                "/model-versions/get-artifact?name=rose&version=1&path=model.joblib",
                ARTIFACTS + folder + "/model.joblib",
                "/get-artifact?run_id=" + run + "&path=a.txt",
                ARTIFACTS + experiment + "/" + run + "/artifacts/a.txt",
                MLFLOW + "/runs/get?run_id=" + run);
    }

    @Test
    void cve_2026_28699_a_limited_token_is_limited_by_every_scheme_and_at_every_door() throws Exception {
        // Whoever may log runs anywhere reads all that was logged in the same name; this token may not.
        Caller limited = server.token("owner", "releaser on model:default/iris");
        String text = limited.token();
        for (String path : downloads()) {
            assertThat(owner.get(path).statusCode()).as(path).isEqualTo(200);
            HttpResponse<String> bearer = limited.get(path);
            assertThat(bearer.statusCode()).as(path + bearer.body()).isEqualTo(404);
            HttpResponse<String> basic = server.send("GET", path, null, limited.basic());
            assertThat(basic.statusCode()).isEqualTo(404);
            assertThat(basic.body()).isEqualTo(bearer.body());
            Map<String, String> pair = Map.of(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(("owner:" + text).getBytes(StandardCharsets.UTF_8)));
            assertThat(server.send("GET", path, null, pair).statusCode()).isEqualTo(404);
        }
        for (Map<String, String> headers : List.of(limited.bearer(), limited.basic())) {
            assertThat(server.send("PUT", "/api/v1/models/default/rose/aliases/a", "{\"version\":\"1.0.0\"}", headers)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(server.send("POST", "/api/v1/models/default/rose/drafts", "{}", headers)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.send("PUT", "/api/v1/models/default/iris/aliases/a", "{\"version\":\"1.0.0\"}", headers)
                            .statusCode())
                    .isLessThan(300);
        }
    }

    @Test
    void cve_2026_20706_a_token_in_an_address_a_cookie_or_another_header_is_no_credential() throws Exception {
        String text = owner.token();
        for (String path : downloads()) {
            String query = path + (path.contains("?") ? "&" : "?");
            for (String name : List.of("token", "access_token", "api_key", "Authorization", "private_token")) {
                assertThat(server.send("GET", query + name + "=" + encoded(text), null, Map.of())
                                .statusCode())
                        .as(query + name)
                        .isEqualTo(401);
            }
            Map<String, Map<String, String>> headers = new LinkedHashMap<>();
            headers.put("cookie", Map.of("Cookie", "__Host-modelward=" + text));
            headers.put("other cookie", Map.of("Cookie", "token=" + text + "; session=" + text));
            headers.put("X-Auth-Token", Map.of("X-Auth-Token", text));
            headers.put("Private-Token", Map.of("Private-Token", text));
            headers.put("Proxy-Authorization", Map.of("Proxy-Authorization", "Bearer " + text));
            headers.put("no scheme", Map.of("Authorization", text));
            headers.put("token scheme", Map.of("Authorization", "token " + text));
            for (Map.Entry<String, Map<String, String>> one : headers.entrySet()) {
                assertThat(server.send("GET", path, null, one.getValue()).statusCode())
                        .as(path + " " + one.getKey())
                        .isEqualTo(401);
            }
        }
        URI address = URI.create(server.address());
        String userInfo = address.getScheme() + "://anybody:" + text + "@" + address.getAuthority();
        assertThat(URI.create(userInfo).getUserInfo()).endsWith(text);
        assertThat(server.send("GET", "/api/v1/models", null, owner.basic()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void cve_2026_27761_a_limited_token_makes_no_wider_one_and_grants_no_more_than_it_has() throws Exception {
        Caller limited = server.token("owner", "owner on model:default/iris");
        String wider = "{\"name\":\"t\",\"expires\":\"1h\",\"grants\":[{\"role\":\"%s\",\"scope\":\"%s\"}]}";
        String grant = "{\"subject\":\"service:friend\",\"role\":\"%s\",\"scope\":\"%s\"}";
        for (String[] more : new String[][] {
            {"owner", "model:default/rose"},
            {"reader", "model:default/*"},
            {"reader", "model:*"},
            {"reader", "*"},
            {"owner", "model:*/iris"},
            {"owner", "model:default/iri*"},
            {"predictor", "endpoint:iris"},
            {"reader", "experiment:lab"},
            {"administrator", "*"}
        }) {
            assertThat(limited.call("POST", "/api/v1/access/tokens", wider.formatted(more[0], more[1]))
                            .statusCode())
                    .as(String.join(" ", more))
                    .isEqualTo(403);
            assertThat(limited.call("POST", "/api/v1/access/grants", grant.formatted(more[0], more[1]))
                            .statusCode())
                    .as(String.join(" ", more))
                    .isEqualTo(403);
        }
        assertThat(limited.call("POST", "/api/v1/access/tokens", wider.formatted("reader", "model:iris"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(limited.call("POST", "/api/v1/access/grants", grant.formatted("reader", "model:iris"))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void cve_2025_11200_no_password_that_people_guess_opens_a_new_server() throws Exception {
        List<String> passwords = List.of(
                "",
                " ",
                "a",
                "admin",
                "password",
                "password1234",
                "password123",
                "modelward",
                "mlflow",
                "changeme",
                "bootstrap",
                "service:bootstrap",
                "mwt_",
                "mws_",
                "mwt_000000000000000000000000000000000000",
                "null",
                "undefined");
        for (String password : passwords) {
            for (String name : List.of("admin", "", "root", "modelward", "bootstrap", "service:bootstrap")) {
                String pair =
                        Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
                assertThat(server.send("GET", "/api/v1/access/whoami", null, Map.of("Authorization", "Basic " + pair))
                                .statusCode())
                        .as(name + ":" + password)
                        .isEqualTo(401);
            }
            assertThat(server.send("GET", "/api/v1/access/whoami", null, Map.of("Authorization", "Bearer " + password))
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(server.administrator().get("/api/v1/access/whoami").statusCode())
                .isEqualTo(200);
        assertThat(server.administrator().get("/api/v1/access/users").body()).contains("\"users\":[]");
    }

    @Test
    void cve_2026_27775_a_role_that_is_taken_away_is_gone_at_the_next_request_of_the_same_connection()
            throws Exception {
        String grant = server.grant("leaver", "owner on model:default/iris");
        Caller leaver = server.token("leaver", "owner on model:default/iris");
        for (int round = 0; round < 3; round++) {
            assertThat(leaver.get("/api/v1/models/default/iris").statusCode()).isEqualTo(200);
        }
        server.ungrant(grant);
        assertThat(leaver.get("/api/v1/models/default/iris").statusCode()).isEqualTo(404);
        assertThat(leaver.get("/api/v1/models/default/iris/versions/1.0.0/files/model.joblib")
                        .statusCode())
                .isEqualTo(404);
        server.grant("leaver", "reader on model:default/iris");
        assertThat(leaver.get("/api/v1/models/default/iris").statusCode()).isEqualTo(200);
        assertThat(leaver.call("PUT", "/api/v1/models/default/iris/aliases/a", "{\"version\":\"1.0.0\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void cve_2026_27775_what_arrives_after_a_role_was_taken_away_is_not_kept() throws Exception {
        String lab = server.grant("uploader", "publisher on experiment:uploads");
        String models = server.grant("uploader", "publisher on model:default/lily");
        Caller uploader =
                server.token("uploader", "publisher on experiment:uploads", "publisher on model:default/lily");
        String home = uploader.experiment("uploads");
        String artifact = ARTIFACTS + home + "/" + uploader.run(home) + "/artifacts/slow.bin";
        String draft = uploader.made("POST", "/api/v1/models/default/lily/drafts", Json.object())
                .path("id")
                .asString();
        String file = "/api/v1/drafts/" + draft + "/files/slow.bin";
        assertThat(upload(uploader, artifact.replace("slow", "quick"), () -> {}))
                .isEqualTo(200);
        assertThat(upload(uploader, file.replace("slow", "quick"), () -> {})).isEqualTo(200);

        assertThat(upload(uploader, file, () -> server.ungrant(models))).isIn(403, 404);
        assertThat(upload(uploader, artifact, () -> server.ungrant(lab))).isIn(403, 404);
        assertThat(owner.get(artifact).statusCode()).isEqualTo(404);
        assertThat(owner.get(artifact.replace("slow", "quick")).statusCode()).isEqualTo(200);
        assertThat(owner.get("/api/v1/drafts/" + draft).body())
                .contains("quick.bin")
                .doesNotContain("slow.bin");
    }

    @Test
    void a_limited_token_ends_itself_and_nothing_that_reaches_further() throws Exception {
        server.grant("keeper", "owner on model:default/iris");
        Caller wide = server.token("keeper", "owner on model:default/iris");
        Caller narrow = server.token("keeper", "reader on model:default/iris");
        Caller same = server.token("keeper", "reader on model:default/iris");
        String tokens = "/api/v1/access/tokens/";
        assertThat(narrow.call("DELETE", tokens + id(wide), null).statusCode()).isEqualTo(403);
        assertThat(wide.get("/api/v1/access/whoami").statusCode()).isEqualTo(200);
        String others = id(owner);
        assertThat(narrow.call("DELETE", tokens + others, null).statusCode()).isEqualTo(404);
        assertThat(narrow.call("DELETE", tokens + id(same), null).statusCode()).isEqualTo(204);
        assertThat(narrow.call("DELETE", tokens + id(narrow), null).statusCode())
                .isEqualTo(204);
        assertThat(narrow.get("/api/v1/access/whoami").statusCode()).isEqualTo(401);
        String last = id(wide);
        assertThat(server.administrator().call("DELETE", tokens + last, null).statusCode())
                .isEqualTo(204);
        assertThat(wide.get("/api/v1/access/whoami").statusCode()).isEqualTo(401);
    }

    private static String id(Caller caller) throws Exception {
        return caller.look("/api/v1/access/whoami").path("token_id").asString();
    }

    @Test
    void the_last_administrator_is_not_taken_away() throws Exception {
        Caller administrator = server.administrator();
        String grants = "/api/v1/access/grants";
        String own = Json.parse(
                        administrator.get(grants + "?subject=service:bootstrap").body(), "answer")
                .at("/grants/0/id")
                .asString();
        assertThat(administrator.call("DELETE", grants + "/" + own, null).statusCode())
                .isEqualTo(409);
        String second = server.grant("second", "administrator on *");
        Caller other = server.token("second", "administrator on *");
        // The first token ends after a day, so it is no administrator who would be left.
        assertThat(administrator.call("DELETE", grants + "/" + second, null).statusCode())
                .isEqualTo(409);
        String third = server.grant("third", "administrator on *");
        assertThat(administrator.call("DELETE", grants + "/" + second, null).statusCode())
                .isEqualTo(204);
        assertThat(other.get("/api/v1/access/users").statusCode()).isEqualTo(403);
        assertThat(administrator.call("DELETE", grants + "/" + third, null).statusCode())
                .isEqualTo(409);
        assertThat(administrator.get("/api/v1/access/users").statusCode()).isEqualTo(200);
    }

    private interface Meanwhile {
        void run() throws Exception;
    }

    /** Uploads ten bytes; does something when the server has asked for the body and was sent half of it. */
    private static int upload(Caller caller, String path, Meanwhile meanwhile) throws Exception {
        URI address = URI.create(server.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + caller.token()
                            + "\r\nContent-Length: 10\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            String expected = "HTTP/1.1 100 Continue\r\n\r\n";
            String first = new String(in.readNBytes(expected.length()), StandardCharsets.US_ASCII);
            assertThat(first).isEqualTo(expected);
            out.write("12345".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            meanwhile.run();
            out.write("67890".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }
}
