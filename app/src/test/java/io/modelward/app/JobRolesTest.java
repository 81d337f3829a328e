package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs over HTTP on a server with access control, and what callers are told who ask for something wrong. */
class JobRolesTest {

    private static final String JOBS = "/api/v1/jobs";
    private static final String JOB = JOBS + "/weekly";
    private static final String RUNS = "/api/v1/job-runs/";

    @TempDir
    Path directory;

    private GuardedServer server;
    private Caller owner;
    private String archive = "";

    @BeforeEach
    void open() throws Exception {
        server = GuardedServer.start(directory, Map.of("jobs.parallel", "0"));
        owner = server.caller("ann", "owner on model:default/iris");
        server.publish(owner, "default/iris", "1.0.0", "bytes");
        byte[] zip = new byte[22];
        System.arraycopy(new byte[] {'P', 'K', 5, 6}, 0, zip, 0, 4);
        archive = Json.parse(owner.put("/api/v1/job-files", zip).body(), "answer")
                .path("sha256")
                .asString();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private ObjectNode plan() {
        ObjectNode plan = Json.object().put("model", "iris");
        plan.putArray("command").add("python").add("train.py");
        plan.putObject("code").put("archive", archive);
        return plan;
    }

    private String run() throws Exception {
        owner.made("POST", JOBS, plan().put("job", "weekly"));
        return owner.made("POST", JOB + "/runs", Json.object()).path("run").asString();
    }

    @Test
    void an_owner_of_the_model_does_all_that_there_is_to_do() throws Exception {
        String run = run();
        assertThat(owner.look(JOB).path("job").asString()).isEqualTo("weekly");
        assertThat(owner.look(JOBS).path("jobs")).hasSize(1);
        assertThat(owner.look(JOB + "/runs").path("runs")).hasSize(1);
        assertThat(owner.look(RUNS + run).path("state").asString()).isEqualTo("QUEUED");
        assertThat(owner.look(RUNS + run + "/log").path("text").asString()).isEmpty();
        owner.made("POST", JOB + "/pause", Json.object());
        owner.made("POST", JOB + "/resume", Json.object());
        owner.made("PUT", JOB, plan().put("seed", 7));
        assertThat(owner.made("POST", RUNS + run + "/stop", Json.object())
                        .path("state")
                        .asString())
                .isEqualTo("SKIPPED");
        assertThat(owner.get("/ui/jobs/weekly").statusCode()).isEqualTo(200);
        assertThat(owner.get("/ui/jobs/weekly/runs/" + run).statusCode()).isEqualTo(200);
        assertThat(owner.call("DELETE", JOB, null).statusCode()).isEqualTo(204);
        assertThat(owner.get(JOB).statusCode()).isEqualTo(404);
        assertThat(owner.look(RUNS + run).path("run").asString()).isEqualTo(run);
    }

    @Test
    void others_do_what_their_roles_allow_and_strangers_find_nothing() throws Exception {
        String run = run();
        Caller reader = server.caller("rob", "reader on model:default/iris");
        Caller releaser = server.caller("rita", "releaser on model:default/iris");
        Caller stranger = server.caller("sam", "owner on model:default/lily");
        for (String path : List.of(JOB, JOB + "/runs", RUNS + run)) {
            assertThat(reader.get(path).statusCode()).as(path).isEqualTo(200);
            assertThat(stranger.get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(releaser.get(RUNS + run + "/log").statusCode()).isEqualTo(403);
        assertThat(releaser.call("PUT", JOB, Json.write(plan())).statusCode()).isEqualTo(403);
        for (String path : List.of(JOB + "/pause", JOB + "/resume", RUNS + run + "/stop", JOB + "/runs")) {
            assertThat(reader.call("POST", path, "{}").statusCode()).as(path).isEqualTo(403);
            assertThat(stranger.call("POST", path, "{}").statusCode()).as(path).isEqualTo(404);
            assertThat(releaser.call("POST", path, "{}").statusCode()).as(path).isEqualTo(200);
        }
        assertThat(stranger.look(JOBS).path("jobs")).isEmpty();
        assertThat(stranger.call("DELETE", JOB, null).statusCode()).isEqualTo(404);
        assertThat(reader.call("DELETE", JOB, null).statusCode()).isEqualTo(403);
        assertThat(releaser.call("DELETE", JOB, null).statusCode()).isEqualTo(204);
    }

    private void refused(String method, String path, JsonNode body, int status, String field, String words)
            throws Exception {
        HttpResponse<String> answer = owner.call(method, path, body == null ? null : Json.write(body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = Json.parse(answer.body(), "answer");
        assertThat(problem.path("field").asString("")).as(answer.body()).isEqualTo(field);
        assertThat(problem.path("detail").asString()).contains(words);
    }

    @Test
    void what_is_wrong_is_told_with_its_field() throws Exception {
        run();
        ObjectNode option = plan();
        option.putArray("requirements").add("-e .");
        refused("PUT", JOB, option, 422, "requirements", "only lines such as numpy==2.4.6");
        refused("POST", JOBS, option.put("job", "other"), 422, "requirements", "only lines such as numpy==2.4.6");
        refused("PUT", JOB, plan().put("job", "daily"), 400, "job", "names another job than the address");
        owner.made("PUT", JOB, plan().put("job", "Weekly"));
        ObjectNode size = plan();
        ((ObjectNode) size.path("code")).put("size", 23);
        refused("PUT", JOB, size, 400, "code.size", "the file that was uploaded has 22 bytes");
        refused("GET", "/api/v1/models/default/iris/versions/x/training", null, 400, "version", "x");
        refused(
                "POST",
                "/api/v1/models/default/iris/drafts",
                Json.object().put("x", 1),
                400,
                "x",
                "The body has no fields: leave the body empty.");
        assertThat(owner.get("/api/v1/models/default/iris/versions/1.0.0/training")
                        .statusCode())
                .isEqualTo(404);
    }
}
