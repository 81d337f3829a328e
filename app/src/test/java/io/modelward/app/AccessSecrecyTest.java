package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Role;
import io.modelward.core.access.Subject;
import io.modelward.core.json.Json;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a caller learns of what the caller may not see: nothing. And when a credential ends: at once. */
class AccessSecrecyTest {

    private static final Subject CARL = Subject.parse("subject", "service:carl");
    private static final Subject ROOT = Subject.parse("subject", "service:root");

    /** They make something of a name that the test does not choose, or end the credential. */
    private static final Set<String> MAKES = Set.of(
            "POST /api/2.0/mlflow/experiments/create",
            "POST /ajax-api/2.0/mlflow/experiments/create",
            "POST /api/v1/experiments",
            "POST /api/v1/access/tokens",
            "POST /api/v1/access/grants",
            "POST /api/v1/access/logout",
            "POST /ui/account/tokens/new",
            "POST /ui/access/grants/new",
            "POST /ui/experiments/new");

    @TempDir
    Path directory;

    private Map<String, String> hidden = SampleCalls.NAMES;
    private String carl = "";
    private String root = "";

    private Application start(String mode) throws Exception {
        return new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen", "127.0.0.1:0",
                                "data.directory", directory.resolve("data").toString(),
                                "runtime.environment", "/bin/false",
                                "jobs.parallel", "0",
                                "access.mode", mode,
                                // The callers of a revoked token fail more often than one address may.
                                "limits.failures", "1000000/1m",
                                "webhooks.allow-private", "true")),
                Map.of());
    }

    /** A model, an endpoint, a run and more, of which Carl may see nothing; he owns everything that is called lily. */
    @BeforeEach
    void fill() throws Exception {
        try (Application application = start("off")) {
            hidden = new SampleCalls(application.address(), SampleCalls.NAMES).content();
        }
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            SampleCalls.endpoint(catalog);
            new AuditSequencer(catalog).run();
            AccessRows rows = new AccessRows(catalog);
            for (String scope : List.of("model:default/lily*", "endpoint:lily*", "experiment:lily*")) {
                rows.grant(CARL, Role.OWNER, scope);
            }
            rows.grant(ROOT, Role.ADMINISTRATOR, "*");
            carl = rows.token(CARL);
            root = rows.token(ROOT);
        }
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    /** Names of things that are not there, as long as those that are. */
    private Map<String, String> absent() {
        Map<String, String> names = new LinkedHashMap<>(hidden);
        names.replaceAll((kind, name) -> switch (kind) {
            case "name", "endpoint" -> "irix";
            case "run", SampleCalls.JOB_RUN -> "f".repeat(name.length());
            case "job" -> "weekls";
            case "model" -> "m-" + "f".repeat(name.length() - 2);
            case "experiment" -> "7";
            case "draft" -> "f".repeat(name.length());
            case "artifact" -> "0/" + "f".repeat(hidden.get("run").length()) + "/artifacts/a.txt";
            default -> name;
        });
        return names;
    }

    /** An answer with the names of what is not there in the place of those of what is hidden. */
    private String told(HttpResponse<String> answer) {
        // Pages say how long ago something was, which another second changes.
        String body = answer.body().replaceAll("<time [^>]*>[^<]*</time>", "a time");
        Map<String, String> absent = absent();
        for (String kind : List.of("run", "draft", "model", "job", SampleCalls.JOB_RUN)) {
            body = body.replace(hidden.get(kind), absent.get(kind));
        }
        return answer.statusCode() + " "
                + body.replace("iris", "irix")
                        .replaceAll(
                                "(experiment |id=|\"named\":\"|on the experiment \\\\\")" + hidden.get("experiment")
                                        + "\\b",
                                "$17");
    }

    @Test
    void what_one_may_not_see_is_answered_as_what_is_not_there_by_every_way_in() throws Exception {
        try (Application application = start("on")) {
            int compared = 0;
            for (HttpRoute route : application.routes()) {
                String words = route.method() + " " + route.template();
                if (route.open() || MAKES.contains(words)) {
                    continue;
                }
                HttpResponse<String> there =
                        new SampleCalls(application.address(), hidden, bearer(carl)).call(route, "");
                HttpResponse<String> nowhere = new SampleCalls(application.address(), absent(), bearer(carl))
                        .rewriting(text -> text.replace("iris", "irix"))
                        .call(route, "");
                assertThat(told(there)).as(words).isEqualTo(told(nowhere));
                assertThat(there.body()).as(words).doesNotContain("Did you mean");
                compared++;
            }
            assertThat(compared).isGreaterThan(180);
        }
    }

    @Test
    void lists_searches_and_counts_hold_what_one_may_see_and_nothing_else() throws Exception {
        try (Application application = start("on")) {
            SampleCalls mine = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(carl));
            SampleCalls all = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(root));
            for (String list : List.of(
                    "/api/v1/models",
                    "/api/v1/models?search=iris",
                    "/api/v1/endpoints",
                    "/api/v1/audit",
                    "/api/v1/predictions",
                    "/api/v1/experiments",
                    "/api/2.0/mlflow/registered-models/search",
                    "/api/2.0/mlflow/model-versions/search",
                    "/api/2.0/mlflow/experiments/search?max_results=10")) {
                HttpResponse<String> answer = mine.call("GET", list, null, "");
                assertThat(answer.statusCode()).as(list + answer.body()).isEqualTo(200);
                assertThat(answer.body()).as(list).doesNotContain("iris").doesNotContain("flowers");
                assertThat(all.call("GET", list, null, "").statusCode())
                        .as(list)
                        .isEqualTo(200);
            }
            assertThat(all.call("GET", "/api/v1/models", null, "").body()).contains("default/iris");
            // What was done before access was on is all there, and shown as unverified.
            JsonNode before = Json.parse(
                    all.call("GET", "/api/v1/audit?subject=default/iris", null, "")
                            .body(),
                    "audit");
            assertThat(before.path("entries")).isNotEmpty();
            before.path("entries")
                    .forEach(entry ->
                            assertThat(entry.at("/who/verified").asBoolean()).isFalse());
            // What Carl makes in his own names is his to see.
            assertThat(mine.call("POST", "/api/v1/models/default/lily-1/drafts", "{}", "")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(mine.call("GET", "/api/v1/models", null, "").body()).contains("default/lily-1");
            assertThat(mine.call("GET", "/api/2.0/mlflow/registered-models/search", null, "")
                            .body())
                    .contains("lily-1")
                    .doesNotContain("iris");
            // A run in the first experiment, which is there for all, is its maker's.
            HttpResponse<String> run =
                    mine.call("POST", "/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}", "");
            assertThat(run.statusCode()).as(run.body()).isEqualTo(200);
            String id = Json.parse(run.body(), "run").at("/run/info/run_id").asString();
            JsonNode runs = Json.parse(
                    mine.call("POST", "/api/2.0/mlflow/runs/search", "{\"experiment_ids\":[\"0\"]}", "")
                            .body(),
                    "runs");
            assertThat(runs.path("runs")).hasSize(1);
            assertThat(runs.at("/runs/0/info/run_id").asString()).isEqualTo(id);
            JsonNode both = Json.parse(
                    all.call("POST", "/api/2.0/mlflow/runs/search", "{\"experiment_ids\":[\"0\"]}", "")
                            .body(),
                    "runs");
            assertThat(both.path("runs")).hasSize(2);
        }
    }

    @Test
    void the_time_of_an_answer_does_not_tell_what_is_there() throws Exception {
        try (Application application = start("on")) {
            SampleCalls calls = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(carl));
            for (int warm = 0; warm < 300; warm++) {
                timed(calls, "/api/v1/models/default/iris");
            }
            List<Long> there = new ArrayList<>();
            List<Long> nowhere = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                there.add(timed(calls, "/api/v1/models/default/iris"));
                nowhere.add(timed(calls, "/api/v1/models/default/irix"));
            }
            assertThat(median(there) / (double) median(nowhere)).isBetween(0.7, 1.4);
        }
    }

    private static long timed(SampleCalls calls, String path) throws Exception {
        long begun = System.nanoTime();
        assertThat(calls.call("GET", path, null, "").statusCode()).isEqualTo(404);
        return System.nanoTime() - begun;
    }

    private static long median(List<Long> times) {
        long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Test
    void credentials_that_never_were_have_ended_or_are_of_a_disabled_owner_are_refused_in_one_text() throws Exception {
        String expired;
        String revoked;
        String disabled;
        String fresh;
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            AccessRows rows = new AccessRows(catalog);
            expired = rows.token(CARL, AccessToken.Kind.TOKEN, Optional.empty(), Duration.ofMinutes(-1));
            revoked = rows.token(CARL);
            rows.revoke(revoked);
            Subject gone = Subject.parse("subject", "service:gone");
            rows.grant(gone, Role.ADMINISTRATOR, "*");
            disabled = rows.token(gone);
            rows.disable(gone);
            fresh = rows.token(Subject.parse("subject", "service:never"));
            rows.revoke(fresh);
        }
        try (Application application = start("on")) {
            List<String> answers = new ArrayList<>();
            for (String token : List.of(expired, revoked, disabled, fresh, "mwt_" + "0".repeat(36), "x", "eyJ.x.y")) {
                HttpResponse<String> answer = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(token))
                        .call("GET", "/api/v1/models", null, "");
                assertThat(answer.statusCode()).isEqualTo(401);
                answers.add(answer.body());
            }
            assertThat(Set.copyOf(answers)).hasSize(1);
        }
    }

    @Test
    void no_request_that_begins_after_the_answer_of_a_revocation_is_served() throws Exception {
        try (Application application = start("on");
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            SampleCalls admin = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(root));
            JsonNode made = Json.parse(
                    admin.call(
                                    "POST",
                                    "/api/v1/access/tokens",
                                    "{\"name\":\"soon gone\",\"grants\":[{\"role\":\"reader\",\"scope\":\"*\"}]}",
                                    "")
                            .body(),
                    "token");
            String token = made.path("token").asString();
            AtomicBoolean over = new AtomicBoolean();
            List<Future<long[]>> last = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                last.add(callers.submit(() -> {
                    SampleCalls calls = new SampleCalls(application.address(), SampleCalls.NAMES, bearer(token));
                    long served = 0;
                    long refused = 0;
                    while (!over.get()) {
                        long begun = System.nanoTime();
                        int status =
                                calls.call("GET", "/api/v1/models", null, "").statusCode();
                        if (status == 200) {
                            served = begun;
                        } else {
                            assertThat(status).isEqualTo(401);
                            refused++;
                        }
                    }
                    return new long[] {served, refused};
                }));
            }
            Thread.sleep(500);
            assertThat(admin.call(
                                    "DELETE",
                                    "/api/v1/access/tokens/" + made.path("id").asString(),
                                    null,
                                    "")
                            .statusCode())
                    .isEqualTo(204);
            long answered = System.nanoTime();
            Thread.sleep(500);
            over.set(true);
            for (Future<long[]> one : last) {
                long[] seen = one.get();
                assertThat(seen[0]).isGreaterThan(0).isLessThan(answered);
                assertThat(seen[1]).isGreaterThan(0);
            }
        }
    }
}
