package io.modelward.app;

import static io.modelward.app.GuardedServer.ARTIFACTS;
import static io.modelward.app.GuardedServer.MLFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What other registries let one user do to the content of another. In each test the same call succeeds for somebody who
 * may make it.
 */
class OthersContentTest {

    private static final String SECRET = "bytes that bob must not see";
    private static final String PARTS = "/api/2.0/mlflow-artifacts/mpu/";

    @TempDir
    static Path directory;

    private static GuardedServer server;
    private static Caller ann;
    private static Caller bob;
    private static String experiment;
    private static String run;

    @BeforeAll
    static void start() throws Exception {
        server = GuardedServer.start(directory);
        ann = server.caller("ann", "owner on model:default/rose", "publisher on experiment:ann*");
        bob = server.caller("bob", "publisher on model:default/iris", "publisher on experiment:bob*");
        experiment = ann.experiment("ann");
        run = ann.run(experiment);
        ann.mlflow(
                "/runs/log-parameter",
                Json.object().put("run_id", run).put("key", "secret").put("value", SECRET));
        assertThat(ann.put(ARTIFACTS + at(run) + "/model/weights.bin", bytes(SECRET))
                        .statusCode())
                .isEqualTo(200);
        server.publish(ann, "default/rose", "1.0.0", SECRET);
        server.publish(bob, "default/iris", "1.0.0", "bob's own");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String at(String of) {
        return experiment + "/" + of + "/artifacts";
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.uri() + " " + answer.body()).isIn(400, 403, 404, 409);
        assertThat(answer.body()).doesNotContain(SECRET);
    }

    @Test
    void cve_2026_2651_a_part_of_another_users_upload_is_refused_and_the_bytes_are_unchanged() throws Exception {
        String folder = at(run) + "/parts";
        ObjectNode begin = Json.object().put("path", "whole.bin").put("num_parts", 2);
        JsonNode begun = ann.made("POST", PARTS + "create/" + folder, begin);
        String id = begun.path("upload_id").asString();
        assertThat(ann.put(PARTS + "part/" + id + "/1", bytes("first ")).statusCode())
                .isEqualTo(200);

        ObjectNode named = Json.object().put("path", "whole.bin").put("upload_id", id);
        named.putArray("parts");
        assertRefused(bob.put(PARTS + "part/" + id + "/1", bytes("wrong ")));
        assertRefused(bob.put(PARTS + "part/" + id + "/2", bytes("wrong")));
        assertRefused(bob.call("POST", PARTS + "complete/" + folder, Json.write(named)));
        assertRefused(bob.call("POST", PARTS + "abort/" + folder, Json.write(named)));
        assertRefused(bob.call("POST", PARTS + "create/" + folder, Json.write(begin)));
        // By a path of his own, with the id of her upload.
        String own = bob.run(bob.experiment("bob-parts"));
        assertRefused(bob.call("POST", PARTS + "complete/0/" + own + "/artifacts", Json.write(named)));

        assertThat(ann.put(PARTS + "part/" + id + "/2", bytes("second")).statusCode())
                .isEqualTo(200);
        ann.made("POST", PARTS + "complete/" + folder, named);
        assertThat(ann.get(ARTIFACTS + folder + "/whole.bin").body()).isEqualTo("first second");
    }

    @Test
    void cve_2026_2651_a_file_is_put_neither_into_another_users_run_nor_into_another_users_draft() throws Exception {
        String draft = ann.made("POST", "/api/v1/models/default/rose/drafts", Json.object())
                .path("id")
                .asString();
        String file = "/api/v1/drafts/" + draft + "/files/model.joblib";
        assertThat(ann.put(file, bytes("hers")).statusCode()).isEqualTo(200);
        String before = ann.get("/api/v1/drafts/" + draft).body();
        assertRefused(bob.put(file, bytes("his")));
        assertRefused(bob.put("/api/v1/drafts/" + draft + "/files/more", bytes("his")));
        assertRefused(bob.get("/api/v1/drafts/" + draft));
        assertRefused(bob.call("POST", "/api/v1/drafts/" + draft + "/publish", "{\"version\":\"2.0.0\",\"card\":{}}"));
        assertRefused(bob.call("DELETE", "/api/v1/drafts/" + draft, null));
        assertThat(ann.get("/api/v1/drafts/" + draft).body()).isEqualTo(before);

        String kept = ARTIFACTS + at(run) + "/model/weights.bin";
        assertRefused(bob.put(kept, bytes("his")));
        assertRefused(bob.call(
                "POST", MLFLOW + "/upload-artifact?run_uuid=" + run + "&path=model/weights.bin", "{\"his\":true}"));
        // His own run is no way into hers.
        String own = bob.run(bob.experiment("bob-files"));
        assertRefused(bob.put(ARTIFACTS + own + "/" + run + "/artifacts/model/weights.bin", bytes("his")));
        assertThat(ann.get(kept).body()).isEqualTo(SECRET);
    }

    @Test
    void cve_2024_4263_who_may_log_to_a_run_deletes_none_of_its_artifacts() throws Exception {
        String path = ARTIFACTS + at(run) + "/deleted.txt";
        assertThat(ann.put(path, bytes("kept")).statusCode()).isEqualTo(200);
        assertThat(ann.call("DELETE", path, null).statusCode()).isEqualTo(403);
        assertThat(ann.call("DELETE", ARTIFACTS + at(run), null).statusCode()).isEqualTo(403);
        assertRefused(bob.call("DELETE", path, null));
        assertThat(ann.get(path).body()).isEqualTo("kept");
        Caller owner = server.caller("lab-owner", "owner on experiment:ann");
        assertThat(owner.call("DELETE", path, null).statusCode()).isEqualTo(200);
        assertThat(ann.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void cve_2024_39897_the_files_of_a_hidden_model_are_found_by_no_address() throws Exception {
        String folder = ann.folder("rose");
        assertThat(folder).startsWith("modelward.versions/");
        String model = "/api/v1/models/default/rose";
        for (String path : List.of(
                model + "/versions/1.0.0/files/model.joblib",
                ARTIFACTS + folder + "/model.joblib",
                "/model-versions/get-artifact?name=rose&version=1&path=model.joblib")) {
            assertThat(ann.get(path).body()).as(path).isEqualTo(SECRET);
            assertRefused(bob.get(path));
            assertRefused(bob.get(path.replace("rose", "ROSE")));
        }
        for (String path : List.of(
                model,
                model + "/versions",
                model + "/versions/1.0.0",
                model + "/versions/1.0.0/card",
                model + "/versions/1.0.0/manifest",
                model + "/resolve?selector=latest",
                ARTIFACTS.substring(0, ARTIFACTS.length() - 1) + "?path=" + folder,
                MLFLOW + "/registered-models/get?name=rose",
                MLFLOW + "/model-versions/get?name=rose&version=1",
                MLFLOW + "/model-versions/get-download-uri?name=rose&version=1")) {
            assertThat(ann.get(path).statusCode()).as(path).isEqualTo(200);
            assertRefused(bob.get(path));
        }
        String listed = ARTIFACTS.substring(0, ARTIFACTS.length() - 1) + "?path=modelward.versions";
        assertThat(bob.get(listed).body()).doesNotContain(folder);
    }

    @Test
    void cve_2026_28740_a_hidden_models_files_do_not_become_a_version_of_ones_own() throws Exception {
        for (String source :
                List.of("models:/rose/1", "runs:/" + run + "/model", "mlflow-artifacts:/" + at(run) + "/model")) {
            ObjectNode wish =
                    Json.object().put("name", "iris").put("source", source).put("run_id", run);
            assertRefused(bob.call("POST", MLFLOW + "/model-versions/create", Json.write(wish)));
            wish.remove("run_id");
            assertRefused(bob.call("POST", MLFLOW + "/model-versions/create", Json.write(wish)));
        }
        // She may.
        ann.mlflow(
                "/model-versions/create",
                Json.object()
                        .put("name", "rose")
                        .put("source", "runs:/" + run + "/model")
                        .put("run_id", run));
        assertThat(bob.get("/api/v1/models/default/iris/versions").body()).doesNotContain("0.1.0", "1.0.1", "1.1.0");
    }

    @Test
    void cve_2025_15381_a_version_does_not_tell_of_a_run_that_its_maker_may_not_see() throws Exception {
        ObjectNode wish = Json.object()
                .put("name", "iris")
                .put("source", "s3://somewhere/model")
                .put("run_id", run);
        assertRefused(bob.call("POST", MLFLOW + "/model-versions/create", Json.write(wish)));
        // Nor by a logged model of his own that says it came from there.
        String home = bob.experiment("bob-origins");
        ObjectNode logged =
                Json.object().put("experiment_id", home).put("name", "model").put("source_run_id", run);
        assertRefused(bob.call("POST", MLFLOW + "/logged-models", Json.write(logged)));
        assertThat(bob.get("/api/v1/models/default/iris/versions/1.1.0").body()).doesNotContain(SECRET);

        String own = bob.run(home);
        bob.mlflow("/model-versions/create", wish.put("run_id", own));
        bob.mlflow("/logged-models", logged.put("source_run_id", own));
        ann.mlflow("/model-versions/create", wish.put("name", "rose").put("run_id", run));
    }

    @Test
    void what_another_user_logged_is_not_registered_as_the_model_of_a_run() throws Exception {
        Caller reader = server.caller("mallory", "reader on experiment:ann", "publisher on experiment:mallory");
        String hers = ann.run(experiment);
        String home = reader.experiment("mallory");
        ObjectNode planted =
                Json.object().put("experiment_id", home).put("name", "planted").put("source_run_id", hers);
        HttpResponse<String> answer = reader.call("POST", MLFLOW + "/logged-models", Json.write(planted));
        assertRefused(answer);
        // Her own model beside her run is found by the run, as newer clients keep it.
        String model = ann.mlflow("/logged-models", planted.put("experiment_id", experiment))
                .at("/model/info/model_id")
                .asString();
        assertThat(ann.put(ARTIFACTS + experiment + "/models/" + model + "/artifacts/MLmodel", bytes("flavors: {}"))
                        .statusCode())
                .isEqualTo(200);
        JsonNode made = ann.mlflow(
                "/model-versions/create",
                Json.object()
                        .put("name", "rose")
                        .put("source", "runs:/" + hers + "/planted")
                        .put("run_id", hers));
        assertThat(made.at("/model_version/status").asString()).isEqualTo("READY");
        String version = made.at("/model_version/semver").asString();
        assertThat(ann.get("/api/v1/models/default/rose/versions/" + version + "/manifest")
                        .body())
                .contains("MLmodel");
    }

    @Test
    void a_version_leaves_no_note_on_a_logged_model_that_its_maker_may_not_see() throws Exception {
        String model = ann.mlflow(
                        "/logged-models",
                        Json.object().put("experiment_id", experiment).put("name", "noted"))
                .at("/model/info/model_id")
                .asString();
        String before = ann.get(MLFLOW + "/logged-models/" + model).body();
        String own = bob.run(bob.experiment("bob-notes"));
        for (String source : List.of("s3://somewhere/model", "runs:/" + own + "/model")) {
            ObjectNode wish = Json.object()
                    .put("name", "iris")
                    .put("source", source)
                    .put("run_id", own)
                    .put("model_id", model);
            assertRefused(bob.call("POST", MLFLOW + "/model-versions/create", Json.write(wish)));
        }
        assertThat(ann.get(MLFLOW + "/logged-models/" + model).body()).isEqualTo(before);
        ann.mlflow(
                "/model-versions/create",
                Json.object()
                        .put("name", "rose")
                        .put("source", "s3://somewhere/model")
                        .put("model_id", model));
        assertThat(ann.get(MLFLOW + "/logged-models/" + model).body()).isNotEqualTo(before);
    }

    @Test
    void nobody_brings_an_experiment_of_others_into_their_own_reach_by_its_name() throws Exception {
        server.grant("carl", "publisher on experiment:shared");
        server.grant("carl", "owner on experiment:carl*");
        Caller carl = server.token("carl", "publisher on experiment:shared", "owner on experiment:carl*");
        Caller lead = server.caller("lead", "owner on experiment:shared");
        String shared = lead.experiment("shared");
        String name = "{\"name\":\"carls\"}";
        String update = Json.write(Json.object().put("experiment_id", shared).put("new_name", "carls"));
        assertThat(carl.run(shared)).isNotEmpty();
        assertThat(carl.call("POST", "/api/v1/experiments/" + shared + "/rename", name)
                        .statusCode())
                .isEqualTo(403);
        assertThat(carl.call("POST", MLFLOW + "/experiments/update", update).statusCode())
                .isEqualTo(403);
        assertThat(carl.call("DELETE", "/api/v1/experiments/" + shared, "{}").statusCode())
                .isEqualTo(403);
        // What he made himself he renames.
        String own = carl.experiment("carl-1");
        assertThat(carl.call("POST", "/api/v1/experiments/" + own + "/rename", name)
                        .statusCode())
                .isLessThan(300);
        assertThat(lead.call("POST", "/api/v1/experiments/" + shared + "/rename", "{\"name\":\"moved\"}")
                        .statusCode())
                .isLessThan(300);
    }

    @Test
    void a_logged_model_that_is_not_there_is_the_callers_mistake() throws Exception {
        ObjectNode wish = Json.object()
                .put("name", "rose")
                .put("source", "s3://somewhere/model")
                .put("model_id", "m-00000000000000000000000000000000");
        for (Caller caller : List.of(ann, server.administrator())) {
            assertThat(caller.call("POST", MLFLOW + "/model-versions/create", Json.write(wish))
                            .statusCode())
                    .isIn(400, 404);
        }
    }
}
