package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.catalog.RawTables;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every way into a running server asks who may go there. */
class AccessTest {

    /** The ways in that tell nothing of what is kept. */
    private static final Set<String> OPEN = Set.of(
            "/livez",
            "/readyz",
            "/login",
            "/login/start",
            "/login/callback",
            "/logout",
            "/static/login.css",
            "/static/{file}",
            "/",
            "/ui",
            "/api/v1/access/login",
            "/hooks/jobs/{job}");

    /** The ways in for everyone who is known, whatever they may do. */
    private static final Set<String> KNOWN = Set.of(
            "/health",
            "/version",
            "/api/3.0/mlflow/server-info",
            "/ajax-api/3.0/mlflow/server-info",
            "/api/2.0/mlflow-artifacts/presigned/{path}",
            "/ajax-api/2.0/mlflow-artifacts/presigned/{path}",
            "/api/v1/access/whoami",
            "/api/v1/access/logout",
            "/api/v1/access/explain",
            "/api/v1/access/tokens",
            "/api/v1/access/tokens/{token}",
            "/api/v1/access/grants",
            "/api/v1/access/grants/{grant}",
            "/docs",
            "/ui/find",
            "/ui/account",
            "/ui/account/tokens/new",
            "/ui/account/tokens/{token}/revoke",
            "/ui/access",
            "/ui/access/grants/new",
            "/ui/access/grants/{grant}/remove");

    @TempDir
    Path directory;

    private Map<String, String> parts = SampleCalls.NAMES;

    private record Question(Action action, Resource resource) {}

    private Application start(Authorizer authorizer) throws Exception {
        return new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen", "127.0.0.1:0",
                                "data.directory", directory.resolve("data").toString(),
                                "runtime.environment", "/bin/false",
                                "jobs.parallel", "0",
                                "webhooks.allow-private", "true")),
                Map.of(),
                authorizer);
    }

    private SqliteCatalog catalog() {
        return SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE);
    }

    /** Fills the directory by a server that lets everyone do everything. */
    private void fill() throws Exception {
        try (Application application = start(Authorizer.EVERYONE)) {
            parts = new SampleCalls(application.address(), SampleCalls.NAMES).content();
        }
        try (SqliteCatalog catalog = catalog()) {
            SampleCalls.endpoint(catalog);
            // Else the server would chain the entries while the test looks at them.
            new AuditSequencer(catalog).run();
        }
    }

    /** All rows of all tables, in words. */
    private static Map<String, List<String>> rows(SqliteCatalog catalog) {
        return catalog.read(tx -> {
            Map<String, List<String>> all = new TreeMap<>();
            for (RawTables.Table table : tx.rawTables().tables()) {
                all.put(
                        table.name(),
                        tx.rawTables().rows(table, List.of(), 10_000).stream()
                                .map(row -> Arrays.deepToString(row.toArray()))
                                .toList());
            }
            return all;
        });
    }

    /**
     * What one may do with tokens and grants depends on the token and the grant, and what one finds on what one may
     * see; AccessMatrixTest and PageSecrecyTest try these.
     */
    private static boolean asksByBody(HttpRoute route) {
        return route.needs().isEmpty()
                && route.template().matches("/api/v1/access/.*|/ui/(access|account)(/.*)?|/ui/find");
    }

    private static String words(HttpRoute route) {
        return route.method() + " " + route.template();
    }

    @Test
    void only_what_tells_nothing_of_what_is_kept_is_open() throws Exception {
        try (Application application = start(Authorizer.EVERYONE)) {
            Set<String> open = new TreeSet<>();
            Set<String> known = new TreeSet<>();
            Set<Action> needed = EnumSet.noneOf(Action.class);
            for (HttpRoute route : application.routes()) {
                route.needs().ifPresentOrElse(needed::add, () -> (route.open() ? open : known).add(route.template()));
            }
            assertThat(known).isEqualTo(new TreeSet<>(KNOWN));
            assertThat(open).isEqualTo(new TreeSet<>(OPEN));
            // What the last one is asked for is told by the body of the request.
            assertThat(needed).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Action.GRANT)));
        }
    }

    @Test
    void where_nobody_may_do_anything_every_way_in_answers_403_in_its_form_and_changes_nothing() throws Exception {
        fill();
        refuses(EnumSet.noneOf(Action.class));
    }

    @Test
    void who_may_only_read_changes_nothing() throws Exception {
        fill();
        refuses(EnumSet.of(Action.READ));
    }

    private void refuses(Set<Action> allowed) throws Exception {
        try (Application application = start((principal, action, resource) -> allowed.contains(action));
                SqliteCatalog catalog = catalog()) {
            SampleCalls calls = new SampleCalls(application.address(), parts);
            Map<String, List<String>> before = rows(catalog);
            assertThat(before.get("models")).hasSize(1);
            assertThat(before.get("audit")).hasSizeGreaterThan(3);
            int refused = 0;
            for (HttpRoute route : application.routes()) {
                if (asksByBody(route)) {
                    continue;
                }
                HttpResponse<String> answer = calls.call(route, "ann");
                if (route.needs().isEmpty() || allowed.contains(route.needs().get())) {
                    assertThat(answer.statusCode()).as(words(route)).isNotEqualTo(403);
                } else {
                    requireRefusal(route, answer, route.needs().get());
                    refused++;
                }
            }
            assertThat(rows(catalog)).isEqualTo(before);
            assertThat(refused).isGreaterThan(allowed.isEmpty() ? 150 : 90);
        }
    }

    private static void requireRefusal(HttpRoute route, HttpResponse<String> answer, Action action) {
        assertThat(answer.statusCode()).as(words(route) + ": " + answer.body()).isEqualTo(403);
        if (SampleCalls.isPage(route)) {
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(answer.body()).contains("<h1>").contains("\"ann\" is not allowed to " + action.words() + " ");
            return;
        }
        JsonNode body = Json.parse(answer.body(), "answer");
        String told;
        if (SampleCalls.isMlflow(route)) {
            assertThat(body.path("error_code").asString()).as(words(route)).isEqualTo("PERMISSION_DENIED");
            told = body.path("message").asString();
        } else {
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(body.path("type").asString()).as(words(route)).isEqualTo("urn:modelward:problem:forbidden");
            told = body.path("detail").asString();
        }
        assertThat(told).as(words(route)).startsWith("\"ann\" is not allowed to " + action.words() + " ");
    }

    @Test
    void services_ask_for_what_the_route_declares_and_else_only_whether_the_caller_may_read() throws Exception {
        fill();
        Map<String, Queue<Question>> asked = new ConcurrentHashMap<>();
        Authorizer recording = (principal, action, resource) -> asked.computeIfAbsent(
                        principal.name(), unused -> new ConcurrentLinkedQueue<>())
                .add(new Question(action, resource));
        try (Application application = start(recording)) {
            SampleCalls calls = new SampleCalls(application.address(), parts);
            int number = 0;
            for (HttpRoute route : application.routes()) {
                if (asksByBody(route)) {
                    continue;
                }
                String actor = "caller-" + number++;
                HttpResponse<String> answer = calls.call(route, actor);
                // A question on a thread where nobody is known to ask, such as the catalog's, would be refused.
                assertThat(answer.statusCode()).as(words(route)).isNotEqualTo(403);
                Set<Action> actions = EnumSet.noneOf(Action.class);
                asked.getOrDefault(actor, new ConcurrentLinkedQueue<>()).forEach(one -> actions.add(one.action()));
                assertThat(actions)
                        .as(words(route))
                        .containsAll(route.needs().stream().toList());
                if (SampleCalls.isPage(route)) {
                    // A page asks, too, what it may offer.
                    continue;
                }
                if (route.needs().isEmpty()) {
                    assertThat(actions).as(words(route)).isEmpty();
                    continue;
                }
                actions.remove(Action.READ);
                actions.remove(route.needs().get());
                if (route.template().endsWith("/rename")) {
                    // The model is made under its new name.
                    actions.remove(Action.PUBLISH);
                }
                if (route.template().startsWith("/api/v1/jobs")
                        || route.template().endsWith("/reproductions")) {
                    // Who makes a job, or has a version made once more, has versions published.
                    actions.remove(Action.PUBLISH);
                }
                if (route.template().matches(".*/experiments/(update|.*/rename)")) {
                    // Whose experiment it is not must be allowed to delete it.
                    actions.remove(Action.DELETE);
                }
                assertThat(actions).as(words(route)).isEmpty();
            }
            assertThat(asked).hasSizeGreaterThan(150);
        }
    }

    @Test
    void requests_at_once_never_have_each_others_caller() throws Exception {
        Queue<String> mixed = new ConcurrentLinkedQueue<>();
        Map<String, Integer> kinds = new ConcurrentHashMap<>();
        // Each caller asks only for what has the caller's name.
        Authorizer watching = (principal, action, resource) -> {
            kinds.merge(resource.getClass().getSimpleName() + " " + action, 1, Integer::sum);
            // Whether there is anything at all to do is asked of the whole.
            if (!resource.equals(Resource.REGISTRY) && !named(resource).equals(principal.name())) {
                mixed.add(principal + " " + action + " " + resource);
            }
            return true;
        };
        try (Application application = start(watching);
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            List<Future<?>> ended = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "caller-" + i;
                ended.add(callers.submit(() -> {
                    callAsNamed(new SampleCalls(application.address(), SampleCalls.NAMES), name);
                    return true;
                }));
            }
            for (Future<?> one : ended) {
                one.get();
            }
        }
        assertThat(mixed).isEmpty();
        assertThat(kinds.keySet())
                .contains(
                        "Endpoint PREDICT",
                        "Model READ",
                        "Model RELEASE",
                        "Artifact TRACK",
                        "Artifact READ",
                        "Rollout READ",
                        "Draft PUBLISH");
        kinds.forEach((kind, times) -> assertThat(times).as(kind).isGreaterThanOrEqualTo(8 * 20));
    }

    /**
     * The blocking, the asynchronous and the streaming kind of route, uploads and downloads; small and large
     * predictions.
     */
    private static void callAsNamed(SampleCalls calls, String name) throws Exception {
        String large = "{\"instances\":[[" + "1,".repeat(100_000) + "1]]}";
        for (int round = 0; round < 20; round++) {
            calls.call("GET", "/api/v1/models/default/" + name, null, name);
            calls.call("PUT", "/api/v1/models/default/" + name + "/aliases/a", "{\"version\":\"1.0.0\"}", name);
            calls.call("POST", "/predict/" + name, "{\"instances\":[[1]]}", name);
            calls.call("POST", "/predict/" + name, large, name);
            calls.call("PUT", "/api/2.0/mlflow-artifacts/artifacts/" + name, "{}", name);
            calls.call("GET", "/api/2.0/mlflow-artifacts/artifacts/" + name, null, name);
            calls.call("GET", "/api/v1/models/default/" + name + "/versions/1.0.0/files/f", null, name);
            calls.call("PUT", "/api/v1/drafts/" + name + "/files/f", "{}", name);
            calls.call("GET", "/api/v1/rollouts/" + name + "/events", null, name);
        }
    }

    private static String named(Resource resource) {
        return switch (resource) {
            case Resource.Model model -> model.name().name();
            case Resource.Endpoint endpoint -> endpoint.name();
            case Resource.Artifact artifact -> artifact.path().value();
            case Resource.Draft draft -> draft.id();
            case Resource.Rollout rollout -> rollout.id();
            default -> resource.words();
        };
    }

    @Test
    void a_name_that_is_none_is_refused_where_it_is_written_down_and_nowhere_else() throws Exception {
        String tooLong = "a".repeat(201);
        try (Application application = start(Authorizer.EVERYONE)) {
            SampleCalls calls = new SampleCalls(application.address(), SampleCalls.NAMES);
            HttpResponse<String> refused = calls.call("POST", "/api/v1/models/default/iris/drafts", "{}", tooLong);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Json.parse(refused.body(), "answer").path("field").asString())
                    .isEqualTo("Modelward-Actor");
            HttpResponse<String> mlflow =
                    calls.call("POST", "/api/2.0/mlflow/experiments/create", "{\"name\":\"flowers\"}", tooLong);
            assertThat(mlflow.statusCode()).isEqualTo(400);
            assertThat(Json.parse(mlflow.body(), "answer").path("error_code").asString())
                    .isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(calls.call("GET", "/api/v1/models", null, tooLong).statusCode())
                    .isEqualTo(200);
            assertThat(calls.call("POST", "/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"0\"}", tooLong)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoever_says_nothing_is_asked_about_as_anonymous() throws Exception {
        Queue<Principal> seen = new ConcurrentLinkedQueue<>();
        try (Application application = start((principal, action, resource) -> seen.add(principal))) {
            SampleCalls calls = new SampleCalls(application.address(), SampleCalls.NAMES);
            calls.call("GET", "/api/v1/models", null, "");
            calls.call("GET", "/api/v1/models", null, "ann");
            assertThat(seen).containsOnly(Principal.ANONYMOUS, Principal.claimed("ann"));
        }
    }
}
