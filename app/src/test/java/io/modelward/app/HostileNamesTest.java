package io.modelward.app;

import static io.modelward.app.GuardedServer.ARTIFACTS;
import static io.modelward.app.GuardedServer.MLFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Names, paths, files and members that led other servers to what their callers were not to see, be or run. */
class HostileNamesTest {

    private static final String SECRET = "hidden-from-ann";

    @TempDir
    static Path directory;

    private static GuardedServer server;
    private static Caller owner;
    private static Caller ann;
    private static String experiment;
    private static String run;

    @BeforeAll
    static void start() throws Exception {
        server = GuardedServer.start(directory);
        owner = server.caller("owner", "owner on model:*", "owner on experiment:*");
        ann = server.caller("ann", "publisher on model:default/iris", "publisher on experiment:lab");
        server.publish(owner, "default/iris", "1.0.0", "iris");
        for (String other : List.of("iris2", "xiris", "iris.v", SECRET)) {
            server.publish(owner, "default/" + other, "1.0.0", SECRET);
        }
        experiment = ann.experiment("lab");
        run = ann.run(experiment);
        for (String other : List.of("Lab", "lab ", "lab/x", "l\u00e2b", "la\u0302b", "lab\u0001x")) {
            owner.experiment(other);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void cve_2024_3099_a_grant_on_a_model_covers_the_model_in_every_writing_and_no_other_one() throws Exception {
        for (String same : List.of("iris", "Iris", "IRIS", "ir%69s", "%49ris")) {
            // The registry may take it for the same model or say which one is meant: to her as to the owner.
            HttpResponse<String> answer = ann.get("/api/v1/models/default/" + same);
            HttpResponse<String> owners = owner.get("/api/v1/models/default/" + same);
            assertThat(answer.statusCode()).as(same + answer.body()).isEqualTo(owners.statusCode());
            assertThat(answer.statusCode() == 200).isEqualTo(!same.matches("(%49|I).*"));
        }
        for (String other : List.of(
                "iris2",
                "xiris",
                "iris.v",
                "iris%20",
                "%20iris",
                "iris.",
                "iris%2E",
                "iris%00",
                "iris%E2%80%8B",
                "%C4%B1ris",
                "%EF%BD%89ris",
                "ir%2569s",
                "iris%2F..%2Firis2",
                "iris;x",
                "iris%3F",
                "*",
                "iri*",
                "i%CC%81ris")) {
            for (String path : List.of(
                    "/api/v1/models/default/" + other,
                    "/api/v1/models/default/" + other + "/versions/1.0.0/files/model.joblib",
                    MLFLOW + "/registered-models/get?name=" + other)) {
                HttpResponse<String> answer = ann.get(path);
                assertThat(answer.statusCode()).as(path + answer.body()).isIn(400, 403, 404);
                assertThat(answer.body()).doesNotContain(SECRET);
            }
        }
        assertThat(owner.get("/api/v1/models/default/iris2").statusCode()).isEqualTo(200);
    }

    @Test
    void cve_2024_3099_no_model_is_made_whose_name_people_take_for_another_ones() throws Exception {
        Caller maker = server.caller("maker", "publisher on model:*");
        for (String name : List.of("IRIS2", "iris\u200b2", "ir\u0456s2", "\uff49ris2", "iris2 ", "iris2.")) {
            HttpResponse<String> answer = maker.call(
                    "POST",
                    MLFLOW + "/registered-models/create",
                    Json.write(Json.object().put("name", name)));
            assertThat(answer.statusCode()).as(name + answer.body()).isEqualTo(400);
        }
        maker.mlflow("/registered-models/create", Json.object().put("name", "quite another"));
    }

    @Test
    void cve_2024_3099_a_grant_on_an_experiment_covers_no_experiment_of_a_similar_name() throws Exception {
        String path = MLFLOW + "/experiments/get-by-name?experiment_name=";
        assertThat(ann.get(path + "lab").statusCode()).isEqualTo(200);
        for (String other : List.of("Lab", "lab ", "lab/x", "l\u00e2b", "la\u0302b", "lab\u0001x")) {
            assertThat(owner.get(path + encoded(other)).statusCode()).as(other).isEqualTo(200);
            assertThat(ann.get(path + encoded(other)).statusCode()).as(other).isEqualTo(404);
        }
        // A grant on a name with a space at its end is one on that name, not on the other.
        Caller spaced = server.caller("spaced", "reader on experiment:lab ");
        assertThat(spaced.get(path + "lab%20").statusCode()).isEqualTo(200);
        assertThat(spaced.get(path + "lab").statusCode()).isEqualTo(404);
    }

    @Test
    void cve_2023_1177_no_path_leads_out_of_what_it_is_below() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside.txt"), SECRET);
        List<String> paths = List.of(
                "../outside.txt",
                "..%2foutside.txt",
                "%2e%2e%2foutside.txt",
                "%252e%252e%252foutside.txt",
                "..%5coutside.txt",
                "a/../../outside.txt",
                "%2f" + encoded(outside.toString().substring(1)),
                encoded("file://" + outside),
                "file:%2f%2f.%2f%2e%2e%2foutside.txt",
                "x%00/../outside.txt",
                "%23/../../outside.txt",
                "%3f/../../outside.txt",
                "%5c%5chost%5cshare",
                "C:%5coutside.txt",
                "....%2f%2foutside.txt/..",
                "%c0%ae%c0%ae/outside.txt",
                "%ef%bc%8e%ef%bc%8e/outside.txt");
        String draft = ann.made("POST", "/api/v1/models/default/iris/drafts", Json.object())
                .path("id")
                .asString();
        byte[] bytes = "written outside".getBytes(StandardCharsets.UTF_8);
        for (String path : paths) {
            for (String base : List.of(
                    "/api/v1/models/default/iris/versions/1.0.0/files/",
                    ARTIFACTS + experiment + "/" + run + "/artifacts/",
                    "/get-artifact?run_id=" + run + "&path=",
                    "/model-versions/get-artifact?name=iris&version=1&path=",
                    MLFLOW + "/artifacts/list?run_id=" + run + "&path=",
                    "/static/")) {
                HttpResponse<String> answer = ann.get(base + path);
                assertThat(answer.body()).as(base + path).doesNotContain(SECRET, directory.toString());
                assertThat(answer.statusCode()).as(base + path + answer.body()).isIn(200, 400, 403, 404);
            }
            for (String base : List.of(
                    "/api/v1/drafts/" + draft + "/files/", ARTIFACTS + experiment + "/" + run + "/artifacts/")) {
                assertThat(ann.put(base + path, bytes).statusCode())
                        .as(base + path)
                        .isIn(200, 400, 403, 404, 405);
            }
        }
        assertThat(Files.readString(outside)).isEqualTo(SECRET);
        assertNothingOutside();
        assertThat(ann.put("/api/v1/drafts/" + draft + "/files/a/b.txt", bytes).statusCode())
                .isEqualTo(200);
    }

    /** Beside the folder of the data there is what the test put there, and nothing else. */
    private static void assertNothingOutside() throws Exception {
        try (Stream<Path> there = Files.list(directory)) {
            assertThat(there.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("data", "outside.txt");
        }
    }

    @Test
    void cve_2026_42600_a_path_in_a_body_leads_nowhere_either() throws Exception {
        String folder = experiment + "/" + run + "/artifacts/parts";
        for (String name : List.of("../../../x.bin", "..\\..\\x.bin", "/etc/x.bin", "%2e%2e/x.bin")) {
            ObjectNode begin = Json.object().put("path", name).put("num_parts", 1);
            JsonNode begun = ann.made("POST", "/api/2.0/mlflow-artifacts/mpu/create/" + folder, begin);
            String id = begun.path("upload_id").asString();
            ann.put("/api/2.0/mlflow-artifacts/mpu/part/" + id + "/1", new byte[] {1});
            ObjectNode end = Json.object().put("path", name).put("upload_id", id);
            end.putArray("parts");
            ann.made("POST", "/api/2.0/mlflow-artifacts/mpu/complete/" + folder, end);
            assertThat(ann.get(ARTIFACTS + folder + "/x.bin").statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        for (String name : List.of("..", "a/..", "%2e%2e", "a\u0000b", "")) {
            ObjectNode begin = Json.object().put("path", name).put("num_parts", 1);
            assertThat(ann.call("POST", "/api/2.0/mlflow-artifacts/mpu/create/" + folder, Json.write(begin))
                            .statusCode())
                    .as(name)
                    .isEqualTo(400);
        }
        for (String source : List.of(
                "/etc/passwd",
                "file:///etc/passwd",
                "file://./%2e%2e/%2e%2e/etc",
                "../../etc",
                "C:\\x",
                "mlflow-artifacts:/../../etc",
                "mlflow-artifacts:/%252e%252e/etc",
                "runs:/" + run + "/../../x",
                "http://127.0.0.1/x",
                "dbfs:/a#/../b",
                "s3://b/?/../c")) {
            ObjectNode wish =
                    Json.object().put("name", "iris").put("source", source).put("run_id", run);
            assertThat(ann.call("POST", MLFLOW + "/model-versions/create", Json.write(wish))
                            .statusCode())
                    .as(source)
                    .isEqualTo(400);
            ObjectNode home = Json.object().put("name", "home of " + source).put("artifact_location", source);
            HttpResponse<String> made = ann.call("POST", MLFLOW + "/experiments/create", Json.write(home));
            assertThat(made.statusCode()).as(source).isEqualTo(400);
        }
    }

    @Test
    void cve_2023_6568_no_file_and_no_text_of_a_caller_becomes_a_page_of_the_server() throws Exception {
        String script = "<script>alert(1)</script>";
        byte[] bytes = ("<html>" + script).getBytes(StandardCharsets.UTF_8);
        String draft = ann.made("POST", "/api/v1/models/default/iris/drafts", Json.object())
                .path("id")
                .asString();
        for (String name : List.of("x.html", "x.svg", "x.xhtml", "x.gltf", "x.js", "x.xml", "x.pdf", "x")) {
            String path = ARTIFACTS + experiment + "/" + run + "/artifacts/" + name;
            Map<String, String> headers = new HashMap<>(ann.bearer());
            headers.put("Content-Type", "text/html");
            assertThat(server.send("PUT", path, bytes, headers).statusCode()).isEqualTo(200);
            assertThat(ann.put("/api/v1/drafts/" + draft + "/files/" + name, bytes)
                            .statusCode())
                    .isEqualTo(200);
            assertInert(ann.get(path));
            assertInert(ann.get("/get-artifact?run_id=" + run + "&path=" + name));
        }
        ann.made(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                Json.object().put("version", "3.0.0").set("card", Json.object().put("description", script)));
        for (String name : List.of("x.html", "x.svg", "x.js")) {
            assertInert(ann.get("/api/v1/models/default/iris/versions/3.0.0/files/" + name));
        }
        String model = "/api/v1/models/default/iris/versions/3.0.0";
        owner.call(
                "PUT",
                "/api/v1/models/default/iris/tags/t",
                Json.write(Json.object().put("value", script)));
        for (String path : List.of(
                model,
                model + "/card",
                model + "/manifest",
                "/api/v1/models/default/iris",
                "/api/v1/models/default/" + encoded(script),
                "/api/v1/" + encoded(script),
                "/" + encoded(script),
                MLFLOW + "/registered-models/get?name=" + encoded(script),
                "/get-artifact?run_id=" + encoded(script) + "&path=a",
                "/login/callback?error=" + encoded(script) + "&error_description=" + encoded(script))) {
            HttpResponse<String> answer = ann.get(path);
            String type = answer.headers().firstValue("Content-Type").orElse("");
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .hasValue("nosniff");
            if (type.startsWith("text/html")) {
                assertThat(answer.body()).as(path).doesNotContain(script);
            } else {
                assertThat(type).as(path).containsAnyOf("json", "text/plain");
            }
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'");
        }
    }

    private static void assertInert(HttpResponse<String> file) {
        String of = file.uri().toString();
        assertThat(file.statusCode()).as(of).isEqualTo(200);
        assertThat(file.headers().firstValue("X-Content-Type-Options")).as(of).hasValue("nosniff");
        String policy = file.headers().firstValue("Content-Security-Policy").orElse("");
        assertThat(policy).as(of).contains("default-src 'none'");
        String type = file.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        boolean kept =
                file.headers().firstValue("Content-Disposition").orElse("").startsWith("attachment");
        // A browser shows what is no attachment, so that has to be bytes.
        assertThat(kept || type.equals("application/octet-stream"))
                .as(of + " " + type)
                .isTrue();
    }

    @Test
    void cve_2019_19026_no_filter_order_or_page_reaches_the_database_as_it_is_written() throws Exception {
        List<String> hostile = List.of(
                "name = 'x' OR 1=1",
                "name = 'x'' OR ''1''=''1'",
                "name LIKE '%' OR name LIKE '%'",
                "1=1; DROP TABLE models",
                "name = 'x' UNION SELECT * FROM access_tokens",
                "hash LIKE '%'",
                "tags.`a' OR '1'='1` = 'x'",
                "password = 'x'",
                "(SELECT 1)",
                "name = 'x' --",
                "'",
                "\u0000");
        for (String text : hostile) {
            for (String search : List.of("/registered-models/search?filter=", "/model-versions/search?filter=")) {
                assertHarmless(ann.get(MLFLOW + search + encoded(text)));
            }
            for (String search : List.of("/registered-models/search?order_by=", "/model-versions/search?order_by=")) {
                assertHarmless(ann.get(MLFLOW + search + encoded(text)));
            }
            for (String path : List.of("/runs/search", "/experiments/search", "/logged-models/search")) {
                ObjectNode asked = Json.object().put("filter", text).put("max_results", 5);
                asked.putArray("experiment_ids").add(experiment);
                assertHarmless(ann.call("POST", MLFLOW + path, Json.write(asked)));
                ObjectNode ordered = Json.object().put("max_results", 5).put("page_token", text);
                ordered.putArray("experiment_ids").add(experiment);
                ordered.putArray("order_by").add(text);
                assertHarmless(ann.call("POST", MLFLOW + path, Json.write(ordered)));
            }
            for (String path : List.of(
                    "/api/v1/models?search=",
                    "/api/v1/models?page_token=",
                    "/api/v1/runs?page_token=",
                    "/api/v1/access/grants?subject=",
                    "/api/v1/access/tokens?page_token=",
                    "/api/v1/access/users?page_token=",
                    "/api/v1/experiments?page_token=")) {
                assertHarmless(ann.get(path + encoded(text)));
                HttpResponse<String> all = server.administrator().get(path + encoded(text));
                assertThat(all.statusCode()).as(path + text + all.body()).isIn(200, 400);
            }
        }
        assertThat(ann.get(MLFLOW + "/registered-models/search?filter=" + encoded("name = 'iris'"))
                        .body())
                .contains("\"iris\"");
    }

    private static void assertHarmless(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isIn(200, 400, 403, 404);
        assertThat(answer.body()).doesNotContain(SECRET, "iris2", "sqlite", "syntax error", "jdbi");
    }

    @Test
    void cve_2019_16097_no_call_takes_a_member_that_it_does_not_know() throws Exception {
        Caller administrator = server.administrator();
        String token =
                "{\"name\":\"t\",\"expires\":\"1h\",\"grants\":[{\"role\":\"reader\",\"scope\":\"model:iris\"%s}]%s}";
        String grant = "{\"subject\":\"service:s\",\"role\":\"reader\",\"scope\":\"model:iris\"%s}";
        for (String more : List.of(
                "is_admin\":true",
                "kind\":\"session\"",
                "id\":\"t-1\"",
                "hash\":\"00\"",
                "created_at\":\"2020-01-01\"",
                "number\":1",
                "revoked_at\":null",
                "granted_by\":\"service:x\"",
                "Role\":\"owner\"",
                "disabled\":false")) {
            String member = ",\"" + more;
            assertUnknown(administrator, "/api/v1/access/tokens", token.formatted("", member));
            assertUnknown(administrator, "/api/v1/access/tokens", token.formatted(member, ""));
            assertUnknown(administrator, "/api/v1/access/grants", grant.formatted(member));
            assertUnknown(administrator, "/api/v1/access/users/disable", "{\"subject\":\"service:s\"" + member + "}");
            assertUnknown(administrator, "/api/v1/access/users/enable", "{\"subject\":\"service:s\"" + member + "}");
            assertUnknown(administrator, "/api/v1/access/login", "{\"id_token\":\"x\"" + member + "}");
        }
        String draft = ann.made("POST", "/api/v1/models/default/iris/drafts", Json.object())
                .path("id")
                .asString();
        for (String more :
                List.of("stage\":\"Production\"", "digest\":\"sha256:00\"", "ordinal\":9", "published_by\":\"x\"")) {
            assertUnknown(
                    ann, "/api/v1/drafts/" + draft + "/publish", "{\"version\":\"9.0.0\",\"card\":{},\"" + more + "}");
        }
        // MLflow's clients send members that a server does not know: they change nothing.
        JsonNode made = ann.mlflow(
                "/model-versions/create",
                Json.object()
                        .put("name", "iris")
                        .put("source", "s3://bucket/model")
                        .put("current_stage", "Production")
                        .put("stage", "Production")
                        .put("user_id", "root")
                        .put("status", "FAILED")
                        .put("version", "77"));
        JsonNode version = made.path("model_version");
        assertThat(version.path("current_stage").asString()).isEqualTo("None");
        assertThat(version.path("version").asString()).isNotEqualTo("77");
        assertThat(version.path("user_id").asString("")).isNotEqualTo("root");
        assertThat(administrator
                        .call("POST", "/api/v1/access/grants", grant.formatted(""))
                        .statusCode())
                .isEqualTo(201);
    }

    private static void assertUnknown(Caller caller, String path, String json) throws Exception {
        HttpResponse<String> answer = caller.call("POST", path, json);
        assertThat(answer.statusCode()).as(path + json + answer.body()).isEqualTo(400);
    }
}
