package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Role;
import io.modelward.core.access.Subject;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ways by which a narrow role might come to more than it gives: by a second thing that a call names besides the first. */
class AccessDetoursTest {

    private static final String MLFLOW = "/api/2.0/mlflow";

    @TempDir
    Path directory;

    private Application application;
    private SampleCalls ann;
    private SampleCalls bob;

    /** Ann has runs and experiments of her own. Bob publishes the models that are called bob, and logs runs. */
    @BeforeEach
    void start() throws Exception {
        open("off").close();
        String annsToken;
        String bobsToken;
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            AccessRows rows = new AccessRows(catalog);
            Subject anns = Subject.parse("subject", "service:ann");
            Subject bobs = Subject.parse("subject", "service:bob");
            rows.grant(anns, Role.PUBLISHER, "model:ann*");
            rows.grant(bobs, Role.PUBLISHER, "model:bob*");
            rows.grant(anns, Role.PUBLISHER, "model:teal/*");
            rows.grant(anns, Role.OWNER, "experiment:Anns*");
            rows.grant(bobs, Role.PUBLISHER, "model:teal./*");
            rows.grant(bobs, Role.PUBLISHER, "experiment:Shared*");
            rows.grant(bobs, Role.OWNER, "experiment:Bobs*");
            annsToken = rows.token(anns);
            bobsToken = rows.token(bobs);
        }
        application = open("on");
        ann = new SampleCalls(application.address(), Map.of(), Map.of("Authorization", "Bearer " + annsToken));
        bob = new SampleCalls(application.address(), Map.of(), Map.of("Authorization", "Bearer " + bobsToken));
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private Application open(String mode) throws Exception {
        return new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen",
                                "127.0.0.1:0",
                                "data.directory",
                                directory.resolve("data").toString(),
                                "runtime.environment",
                                "/bin/false",
                                "access.mode",
                                mode)),
                Map.of());
    }

    private static JsonNode done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body(), "answer");
    }

    private static JsonNode post(SampleCalls who, String path, String body) throws Exception {
        return done(who.call("POST", MLFLOW + path, body, ""));
    }

    private static int status(SampleCalls who, String path, String body) throws Exception {
        return who.call("POST", MLFLOW + path, body, "").statusCode();
    }

    private static String experiment(SampleCalls who, String name) throws Exception {
        return post(who, "/experiments/create", "{\"name\":\"" + name + "\"}")
                .path("experiment_id")
                .asString();
    }

    private static String run(SampleCalls who, String experiment) throws Exception {
        return post(who, "/runs/create", "{\"experiment_id\":\"" + experiment + "\"}")
                .at("/run/info/run_id")
                .asString();
    }

    private static List<String> found(SampleCalls who, String experiment) throws Exception {
        return post(who, "/runs/search", "{\"experiment_ids\":[\"" + experiment + "\"]}")
                .path("runs")
                .valueStream()
                .map(run -> run.at("/info/run_id").asString())
                .toList();
    }

    @Test
    void a_version_does_not_tell_what_a_run_has_that_its_maker_may_not_read() throws Exception {
        String run = run(ann, "0");
        post(ann, "/runs/log-parameter", "{\"run_id\":\"" + run + "\",\"key\":\"k\",\"value\":\"hush\"}");
        post(bob, "/registered-models/create", "{\"name\":\"bob\"}");
        HttpResponse<String> refused = bob.call(
                "POST",
                MLFLOW + "/model-versions/create",
                "{\"name\":\"bob\",\"source\":\"s3://elsewhere/model\",\"run_id\":\"" + run + "\"}",
                "");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
        assertThat(done(bob.call("GET", "/api/v1/models/default/bob/versions", null, ""))
                        .toString())
                .doesNotContain("hush", run);
        // A run of one's own is told.
        String own = run(bob, "0");
        post(
                bob,
                "/model-versions/create",
                "{\"name\":\"bob\",\"source\":\"s3://elsewhere/model\",\"run_id\":\"" + own + "\"}");
    }

    @Test
    void nobody_makes_a_logged_model_in_the_name_of_a_run_of_others() throws Exception {
        String run = run(ann, "0");
        String body = "{\"experiment_id\":\"0\",\"name\":\"model\",\"source_run_id\":\"" + run + "\"}";
        assertThat(status(bob, "/logged-models", body)).isEqualTo(404);
        post(ann, "/logged-models", body);
    }

    @Test
    void who_only_logs_to_an_experiment_does_not_rename_it_to_where_they_own_it() throws Exception {
        String shared = experiment(ann, "Shared1");
        post(bob, "/experiments/set-experiment-tag", tag(shared));
        assertThat(status(bob, "/experiments/update", "{\"experiment_id\":\"" + shared + "\",\"new_name\":\"Bobs1\"}"))
                .isEqualTo(403);
        assertThat(status(bob, "/experiments/delete", "{\"experiment_id\":\"" + shared + "\"}"))
                .isEqualTo(403);
        String bobs = experiment(bob, "Bobs2");
        experiment(ann, "Anns1");
        assertThat(status(bob, "/experiments/update", "{\"experiment_id\":\"" + bobs + "\",\"new_name\":\"Anns1\"}"))
                .isEqualTo(status(bob, "/experiments/create", "{\"name\":\"Anns1\"}"))
                .isEqualTo(403);
        post(bob, "/experiments/update", "{\"experiment_id\":\"" + bobs + "\",\"new_name\":\"Bobs3\"}");
    }

    private static String tag(String experiment) {
        return "{\"experiment_id\":\"" + experiment + "\",\"key\":\"k\",\"value\":\"v\"}";
    }

    @Test
    void names_of_experiments_that_differ_in_case_are_two_in_searches_too() throws Exception {
        experiment(ann, "shared-not");
        experiment(ann, "Shared-yes");
        assertThat(post(bob, "/experiments/search", "{\"max_results\":100}").toString())
                .contains("Shared-yes")
                .doesNotContain("shared-not");
    }

    @Test
    void a_search_finds_the_runs_of_ones_experiment_that_one_may_read_and_no_other() throws Exception {
        String shared = experiment(ann, "Shared1");
        String anns = run(ann, shared);
        String bobs = run(bob, shared);
        assertThat(found(bob, shared)).containsExactlyInAnyOrder(anns, bobs);
        assertThat(ann.call("GET", MLFLOW + "/runs/get?run_id=" + bobs, null, "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(found(ann, shared)).containsExactly(anns);
    }

    @Test
    void a_name_that_cannot_be_had_does_not_tell_what_has_it() throws Exception {
        assertThat(ann.call("POST", "/api/v1/models/teal/iris/drafts", "{}", "").statusCode())
                .isEqualTo(201);
        HttpResponse<String> taken = bob.call("POST", "/api/v1/models/teal./rose/drafts", "{}", "");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(409);
        assertThat(taken.body()).contains("Choose another name").doesNotContain("in_the_way", "namespace teal ");
    }

    @Test
    void who_can_grant_does_not_tell_what_is_there() throws Exception {
        experiment(ann, "Anns1");
        String explain = "/api/v1/access/explain?action=read&on=experiment:";
        String hidden = done(bob.call("GET", explain + "Anns1", null, "")).toString();
        String nothing = done(bob.call("GET", explain + "Anns2", null, "")).toString();
        assertThat(hidden.replace("Anns1", "Anns2")).isEqualTo(nothing);
        assertThat(done(ann.call("GET", explain + "Anns1", null, "")).path("who_can_grant"))
                .hasSize(1);
    }

    /** Who may grant something must not stop the server, now or at its next start. */
    @Test
    void no_scope_that_a_token_asks_for_stops_the_server_from_reading_grants() throws Exception {
        for (String letter : List.of("\u0130", "a", "\u1e9e")) {
            String body =
                    "{\"name\":\"t\",\"expires\":\"10m\",\"grants\":[{\"role\":\"publisher\",\"scope\":\"model:bob"
                            + letter.repeat(250) + "\"}]}";
            assertThat(bob.call("POST", "/api/v1/access/tokens", body, "").statusCode())
                    .as(letter)
                    .isLessThan(500);
        }
        application.close();
        application = open("on");
    }
}
