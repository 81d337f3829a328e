package io.modelward.app;

import static io.modelward.app.GuardedServer.ARTIFACTS;
import static io.modelward.app.GuardedServer.MLFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may make versions changes and deletes none, by whatever address. */
class RolesOfVersionsTest {

    private static final String IRIS = "/api/v1/models/default/iris";

    @TempDir
    static Path directory;

    private static GuardedServer server;
    private static Caller owner;
    private static Caller publisher;
    private static Caller releaser;
    private static String digest;

    @BeforeAll
    static void start() throws Exception {
        server = GuardedServer.start(directory);
        owner = server.caller("owner", "owner on model:*", "owner on experiment:*");
        publisher = server.caller("publisher", "publisher on model:default/iris", "publisher on experiment:*");
        releaser = server.caller("releaser", "releaser on model:default/iris");
        digest = server.publish(publisher, "default/iris", "1.0.0", "one").digest();
        server.publish(publisher, "default/iris", "1.1.0", "two");
        assertThat(releaser.call("PUT", IRIS + "/aliases/champion", "{\"version\":\"1.0.0\"}")
                        .statusCode())
                .isLessThan(300);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void assertUnchanged(String what) throws Exception {
        HttpResponse<String> version = publisher.get(IRIS + "/versions/1.0.0");
        assertThat(version.statusCode()).as(what).isEqualTo(200);
        assertThat(Json.parse(version.body(), "answer").path("digest").asString())
                .isEqualTo(digest);
        assertThat(publisher.get(IRIS + "/versions/1.0.0/files/model.joblib").body())
                .isEqualTo("one");
        assertThat(publisher.get(IRIS + "/aliases/champion").body()).contains("1.0.0");
        assertThat(version.body()).as(what).doesNotContain("deleted", "Archived", "ARCHIVED");
    }

    @Test
    void cve_2026_31801_a_publisher_does_not_put_other_bytes_under_a_published_version() throws Exception {
        String draft = publisher
                .made("POST", IRIS + "/drafts", Json.object())
                .path("id")
                .asString();
        publisher.put("/api/v1/drafts/" + draft + "/files/model.joblib", "other".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> again =
                publisher.call("POST", "/api/v1/drafts/" + draft + "/publish", "{\"version\":\"1.0.0\",\"card\":{}}");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertUnchanged("published again");
        // The same bytes under another number are fine, and so is the draft of before, which changes nothing.
        assertThat(server.publish(publisher, "default/iris", "1.0.0", "one").digest())
                .isEqualTo(digest);
        String source = "{\"name\":\"iris\",\"source\":\"s3://bucket/model\",\"tags\":"
                + "[{\"key\":\"modelward.version\",\"value\":\"1.0.0\"}]}";
        assertThat(publisher
                        .call("POST", MLFLOW + "/model-versions/create", source)
                        .statusCode())
                .isEqualTo(400);
        assertUnchanged("registered again");
    }

    @Test
    void cve_2026_31801_a_publisher_moves_no_alias_and_no_stage() throws Exception {
        String moved = "{\"version\":\"1.1.0\"}";
        String alias = "{\"name\":\"iris\",\"alias\":\"champion\",\"version\":\"2\"}";
        String stage =
                "{\"name\":\"iris\",\"version\":\"2\",\"stage\":\"Production\",\"archive_existing_versions\":false}";
        for (String name : List.of("champion", "new", "CHAMPION")) {
            assertThat(publisher.call("PUT", IRIS + "/aliases/" + name, moved).statusCode())
                    .isEqualTo(403);
        }
        assertThat(publisher
                        .call("POST", MLFLOW + "/registered-models/alias", alias)
                        .statusCode())
                .isEqualTo(403);
        assertThat(publisher.call("DELETE", IRIS + "/aliases/champion", null).statusCode())
                .isEqualTo(403);
        assertThat(publisher
                        .call("DELETE", MLFLOW + "/registered-models/alias?name=iris&alias=champion", null)
                        .statusCode())
                .isEqualTo(403);
        assertThat(publisher
                        .call("POST", MLFLOW + "/model-versions/transition-stage", stage)
                        .statusCode())
                .isEqualTo(403);
        assertUnchanged("moved");
        assertThat(releaser.call("PUT", IRIS + "/aliases/other", moved).statusCode())
                .isLessThan(300);
        assertThat(releaser.call("POST", MLFLOW + "/model-versions/transition-stage", stage)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void cve_2026_31801_the_artifacts_that_a_version_is_made_of_are_not_put_again() throws Exception {
        String experiment = publisher.experiment("sealed");
        String run = publisher.run(experiment);
        String folder = ARTIFACTS + experiment + "/" + run + "/artifacts/model";
        byte[] bytes = "sealed".getBytes(StandardCharsets.UTF_8);
        assertThat(publisher.put(folder + "/weights.bin", bytes).statusCode()).isEqualTo(200);
        publisher.mlflow(
                "/model-versions/create",
                Json.object()
                        .put("name", "iris")
                        .put("source", "runs:/" + run + "/model")
                        .put("run_id", run));
        byte[] other = "other".getBytes(StandardCharsets.UTF_8);
        for (String file : List.of("/weights.bin", "/more.bin", "/weights.bin/below")) {
            assertThat(publisher.put(folder + file, other).statusCode())
                    .as(file)
                    .isIn(400, 409);
            assertThat(owner.put(folder + file, other).statusCode()).as(file).isIn(400, 409);
        }
        for (String path : List.of(folder, folder + "/weights.bin", ARTIFACTS + experiment + "/" + run)) {
            assertThat(publisher.call("DELETE", path, null).statusCode())
                    .as(path)
                    .isEqualTo(403);
            assertThat(owner.call("DELETE", path, null).statusCode()).as(path).isEqualTo(409);
        }
        String version = ARTIFACTS + publisher.folder("iris");
        assertThat(publisher.put(version + "/model.joblib", other).statusCode()).isIn(403, 409);
        assertThat(server.administrator().put(version + "/model.joblib", other).statusCode())
                .isEqualTo(409);
        assertThat(server.administrator().put(version + "/MLmodel", other).statusCode())
                .isEqualTo(409);
        assertThat(publisher.get(folder + "/weights.bin").body()).isEqualTo("sealed");
        assertUnchanged("put");
        // What no version was made of may be put again.
        String free = ARTIFACTS + experiment + "/" + run + "/artifacts/free.txt";
        assertThat(publisher.put(free, bytes).statusCode()).isEqualTo(200);
        assertThat(publisher.put(free, other).statusCode()).isEqualTo(200);
    }

    private record Way(String method, String path, String json) {}

    private static List<Way> waysToDelete() {
        return List.of(
                new Way("DELETE", IRIS + "/versions/1.0.0", "{\"reason\":\"r\"}"),
                new Way("DELETE", IRIS, "{\"reason\":\"r\"}"),
                new Way("DELETE", MLFLOW + "/model-versions/delete", "{\"name\":\"iris\",\"version\":\"1\"}"),
                new Way("DELETE", MLFLOW + "/registered-models/delete", "{\"name\":\"iris\"}"),
                new Way("DELETE", "/ajax-api/2.0/mlflow/registered-models/delete", "{\"name\":\"iris\"}"),
                new Way(
                        "POST",
                        MLFLOW + "/model-versions/transition-stage",
                        "{\"name\":\"iris\",\"version\":\"1\",\"stage\":\"Archived\",\"archive_existing_versions\":false}"),
                new Way("POST", MLFLOW + "/registered-models/rename", "{\"name\":\"iris\",\"new_name\":\"gone\"}"),
                new Way("POST", IRIS + "/rename", "{\"name\":\"gone\"}"),
                new Way("POST", IRIS + "/rename", "{\"name\":\"other/iris\"}"));
    }

    @Test
    void cve_2026_41888_a_publisher_deletes_a_version_by_no_address() throws Exception {
        for (Way way : waysToDelete()) {
            HttpResponse<String> answer = publisher.call(way.method(), way.path(), way.json());
            assertThat(answer.statusCode()).as(way + " " + answer.body()).isEqualTo(403);
            assertUnchanged(way.toString());
        }
        String folder = publisher.folder("iris");
        for (String path : List.of(folder, folder + "/model.joblib", "modelward.versions")) {
            assertThat(publisher.call("DELETE", ARTIFACTS + path, null).statusCode())
                    .isEqualTo(403);
            assertThat(server.administrator()
                            .call("DELETE", ARTIFACTS + path, null)
                            .statusCode())
                    .isEqualTo(409);
        }
        assertUnchanged("by its artifacts");
    }

    @Test
    void cve_2025_68938_a_header_makes_no_other_method_of_a_request() throws Exception {
        for (String header : List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
            Map<String, String> headers = new HashMap<>(owner.bearer());
            headers.put(header, "DELETE");
            assertThat(server.send("GET", IRIS + "/versions/1.0.0", null, headers)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.send("POST", IRIS + "/versions/1.0.0?_method=DELETE", "{}", headers)
                            .statusCode())
                    .isEqualTo(405);
            assertUnchanged(header);
        }
    }

    @Test
    void cve_2025_68940_nobody_renames_a_model_to_where_they_may_not_publish() throws Exception {
        server.publish(owner, "default/moving", "1.0.0", "moves");
        Caller mover = server.caller("mover", "owner on model:default/moving");
        String model = "/api/v1/models/default/moving";
        for (String name : List.of("other/moving", "default/taken", "default/iris", "iris")) {
            HttpResponse<String> answer = mover.call(
                    "POST", model + "/rename", Json.write(Json.object().put("name", name)));
            assertThat(answer.statusCode()).as(name + answer.body()).isEqualTo(403);
        }
        HttpResponse<String> old =
                mover.call("POST", MLFLOW + "/registered-models/rename", "{\"name\":\"moving\",\"new_name\":\"iris\"}");
        assertThat(old.statusCode()).isEqualTo(403);
        assertThat(mover.get(model).statusCode()).isEqualTo(200);
        assertUnchanged("renamed over");
        assertThat(owner.call("POST", model + "/rename", "{\"name\":\"moved\"}").statusCode())
                .isEqualTo(200);
        assertThat(mover.get("/api/v1/models/default/moved").statusCode()).isEqualTo(404);
    }

    @Test
    void cve_2025_68938_runs_and_experiments_are_deleted_by_no_address_either() throws Exception {
        String experiment = owner.experiment("kept");
        String run = owner.run(experiment);
        String model = owner.mlflow(
                        "/logged-models",
                        Json.object().put("experiment_id", experiment).put("name", "m"))
                .at("/model/info/model_id")
                .asString();
        List<Way> ways = List.of(
                new Way("DELETE", "/api/v1/runs/" + run, "{\"reason\":\"r\"}"),
                new Way("POST", MLFLOW + "/runs/delete", "{\"run_id\":\"" + run + "\"}"),
                new Way("DELETE", "/api/v1/experiments/" + experiment, "{\"reason\":\"r\"}"),
                new Way("POST", MLFLOW + "/experiments/delete", "{\"experiment_id\":\"" + experiment + "\"}"),
                new Way("DELETE", MLFLOW + "/logged-models/" + model, null));
        for (Way way : ways) {
            assertThat(publisher.call(way.method(), way.path(), way.json()).statusCode())
                    .as(way.toString())
                    .isEqualTo(403);
        }
        assertThat(publisher.get(MLFLOW + "/runs/get?run_id=" + run).body()).contains("\"lifecycle_stage\":\"active\"");
        for (Way way : ways.reversed()) {
            assertThat(owner.call(way.method(), way.path(), way.json()).statusCode())
                    .as(way.toString())
                    .isIn(200, 204, 400, 404, 409);
        }
        assertThat(owner.get(MLFLOW + "/runs/get?run_id=" + run).body()).contains("\"lifecycle_stage\":\"deleted\"");
    }
}
