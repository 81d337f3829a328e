package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.server.http.HttpRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Holds docs/api.yaml against the running server: the same ways in, and every answer as described. */
class ApiDescriptionTest {

    private static final String CARD = """
            {"name":"iris","performance":{"accuracy":0.9},"hyperparameters":{"depth":3},
             "input_schema":{"type":"array","items":{"type":"number"},"minItems":4,"maxItems":4}}""";

    @TempDir
    static Path directory;

    private static JsonNode description;
    private static Application application;
    private static ServerProcess server;
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @BeforeAll
    static void start() throws Exception {
        description = new YAMLMapper()
                .readTree(Path.of(System.getProperty("modelward.root"), "docs/api.yaml")
                        .toFile());
        application = new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen",
                                "127.0.0.1:0",
                                "data.directory",
                                directory.resolve("data").toString())),
                Map.of());
        server = ServerProcess.connect(application.address());
    }

    /** For everyone: whoever calls them is not known yet, or wants to be known no longer. */
    private static final Set<String> LOG_INS = Set.of("POST /api/v1/access/login", "POST /logout");

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void the_document_and_the_server_name_the_same_ways_in() {
        Set<String> described = new TreeSet<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(method -> !method.equals("parameters"))
                        .forEach(method ->
                                described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        Set<String> served = new TreeSet<>();
        application.routes().stream()
                // Pages are for people; CONTRIBUTING says how a page is made.
                .filter(route -> !mlflow(route) && !SampleCalls.isPage(route))
                .forEach(route -> served.add(route.method() + " " + route.template()));
        assertThat(served).isEqualTo(described);
    }

    /**
     * The door for MLflow's clients: MLflow itself describes it, and docs/guides/mlflow.md says how much of it is
     * there.
     */
    private static boolean mlflow(HttpRoute route) {
        return route.template()
                .matches("/(ajax-)?api/[23][.][0-9]+/mlflow.*|/health|/version|(/model-versions)?/get-artifact");
    }

    @Test
    void what_changes_something_is_not_open_to_readers() {
        for (HttpRoute route : application.routes()) {
            boolean asks = route.method().equals("GET")
                    // Each of these is about the caller, or asks by what its body names.
                    || (!route.open() && route.needs().isEmpty())
                    // Each call proves itself by its signature.
                    || route.template().startsWith("/hooks/")
                    || List.of("/api/v1/verify", "/ui/status/verify").contains(route.template())
                    || (mlflow(route) && route.template().matches(".*/(search|search-datasets|get-latest-versions)"));
            if (!asks && !LOG_INS.contains(route.method() + " " + route.template())) {
                assertThat(route.needs())
                        .as(route.method() + " " + route.template())
                        .isNotEmpty()
                        .isNotEqualTo(Optional.of(Action.READ));
            }
        }
    }

    private void changes(String model, List<String> checked) throws Exception {
        String version = model + "/versions/{version}";
        for (String one : List.of(model, version)) {
            check("PUT", one + "/description", fill(one) + "/description", "{\"description\":\"text\"}", checked);
            check("PUT", one + "/tags/{path}", fill(one) + "/tags/a/b", "{\"value\":\"v\"}", checked);
            assertThat(server.call("DELETE", fill(one) + "/tags/a/b?reason=why", null)
                            .status())
                    .isEqualTo(204);
        }
        assertThat(server.call("DELETE", fill(version), null).status()).isEqualTo(204);
        check("POST", version + "/undelete", fill(version) + "/undelete", "{\"reason\":\"why\"}", checked);
        assertThat(server.call("DELETE", fill(model), null).status()).isEqualTo(204);
        assertThat(server.call("GET", fill(model), null).status()).isEqualTo(404);
        check("POST", model + "/undelete", fill(model) + "/undelete", "{}", checked);
        check("POST", model + "/rename", fill(model) + "/rename", "{\"name\":\"lily\"}", checked);
        check("POST", model + "/rename", "/api/v1/models/default/lily/rename", "{\"name\":\"iris\"}", checked);
    }

    private void tracking(List<String> checked) throws Exception {
        String experiments = "/api/v1/experiments";
        String one = experiments + "/{experiment}";
        String id = check("POST", experiments, experiments, "{\"name\":\"flowers\"}", checked)
                .path("experiment")
                .asString();
        String run = server.call("POST", "/api/2.0/mlflow/runs/create", "{\"experiment_id\":\"" + id + "\"}")
                .body()
                .at("/run/info/run_id")
                .asString();
        server.call(
                "POST",
                "/api/2.0/mlflow/runs/log-batch",
                "{\"run_id\":\"" + run + "\",\"metrics\":[{\"key\":\"m\",\"value\":\"NaN\",\"timestamp\":1}],"
                        + "\"params\":[{\"key\":\"p\",\"value\":\"1\"}]}");
        server.call(
                "PUT", "/api/2.0/mlflow-artifacts/artifacts/" + id + "/" + run + "/artifacts/a/b.txt", bytes("text"));
        check("GET", experiments, experiments + "?view=all", null, checked);
        check("GET", one, experiments + "/" + id, null, checked);
        check("POST", one + "/rename", experiments + "/" + id + "/rename", "{\"name\":\"trees\"}", checked);
        String runs = "/api/v1/runs";
        JsonNode found = check("GET", runs, runs + "?experiment=" + id + "&filter=params.p%20%3D%20'1'", null, checked);
        assertThat(found.at("/runs/0/run").asString()).isEqualTo(run);
        assertThat(found.at("/runs/0/metrics/m/value").asString()).isEqualTo("NaN");
        check("GET", runs, runs + "?experiment=" + id + "&filter=params.p%20%3D%20'2'", null, checked);
        check("GET", runs + "/{run}", runs + "/" + run, null, checked);
        assertThat(check("GET", runs + "/{run}/artifacts", runs + "/" + run + "/artifacts?path=a", null, checked)
                        .at("/artifacts/0/path")
                        .asString())
                .isEqualTo("a/b.txt");
        assertThat(server.call("DELETE", runs + "/" + run, null).status()).isEqualTo(204);
        check("POST", runs + "/{run}/undelete", runs + "/" + run + "/undelete", "{}", checked);
        assertThat(server.call("DELETE", experiments + "/" + id, null).status()).isEqualTo(204);
        check("POST", one + "/undelete", experiments + "/" + id + "/undelete", "{}", checked);
    }

    @Test
    void answers_are_as_described() throws Exception {
        List<String> checked = new ArrayList<>();
        String draft = check(
                        "POST",
                        "/api/v1/models/{namespace}/{name}/drafts",
                        "/api/v1/models/default/iris/drafts",
                        "{}",
                        checked)
                .path("id")
                .asString();
        check(
                "PUT",
                "/api/v1/drafts/{draft}/files/{path}",
                "/api/v1/drafts/" + draft + "/files/model.joblib",
                bytes("one"),
                checked);
        check("GET", "/api/v1/drafts/{draft}", "/api/v1/drafts/" + draft, null, checked);
        String publish = "{\"version\":\"1.0.0\",\"card\":" + CARD + ",\"reason\":\"first\"}";
        check("POST", "/api/v1/drafts/{draft}/publish", "/api/v1/drafts/" + draft + "/publish", publish, checked);
        check("POST", "/api/v1/drafts/{draft}/publish", "/api/v1/drafts/" + draft + "/publish", publish, checked);
        publish("two", "1.1.0", CARD);
        for (String read : List.of(
                "/api/v1/models",
                "/api/v1/models/{namespace}/{name}",
                "/api/v1/models/{namespace}/{name}/versions",
                "/api/v1/models/{namespace}/{name}/versions/{version}",
                "/api/v1/models/{namespace}/{name}/versions/{version}/manifest",
                "/api/v1/models/{namespace}/{name}/versions/{version}/card",
                "/api/v1/models/{namespace}/{name}/aliases",
                "/api/v1/endpoints",
                "/api/v1/audit",
                "/api/v1/status",
                "/livez",
                "/readyz")) {
            check("GET", read, fill(read), null, checked);
        }
        String model = "/api/v1/models/{namespace}/{name}";
        check("GET", model + "/resolve", fill(model) + "/resolve?selector=%5E1", null, checked);
        check("GET", model + "/compare", fill(model) + "/compare?from=1.0.0&to=latest", null, checked);
        check("PUT", model + "/aliases/{alias}", fill(model) + "/aliases/champion", "{\"version\":\"1.0.0\"}", checked);
        check("GET", model + "/aliases/{alias}", fill(model) + "/aliases/champion", null, checked);
        changes(model, checked);
        tracking(checked);
        check("POST", "/api/v1/verify", "/api/v1/verify", "{}", checked);
        assertThat(checked).hasSizeGreaterThan(20);
    }

    @Test
    void problems_are_as_described() throws Exception {
        publish("one", "3.0.0", CARD);
        String other = draft("another");
        for (Object[] call : new Object[][] {
            {"GET", "/api/v1/models/default/nothing", null, 404},
            {"GET", "/nowhere", null, 404},
            {"DELETE", "/api/v1/models", null, 405},
            {"POST", "/predict/nothing", "{\"instances\":[[1]]}", 404},
            {"POST", "/predict/nothing", bytes("x"), 415},
            {"GET", "/api/v1/models/default/iris/versions/1.0", null, 400},
            {"GET", "/api/v1/models/default/iris/resolve?selector=3", null, 400},
            {"PUT", "/api/v1/endpoints/iris", "{\"model\":\"iris\",\"version\":\"1.0.0\",\"typo\":1}", 400},
            {"POST", "/api/v1/drafts/" + other + "/publish", "{\"version\":\"3.0.0\",\"card\":" + CARD + "}", 409},
            {
                "POST",
                "/api/v1/drafts/" + other + "/publish",
                "{\"version\":\"3.0.1\",\"card\":{\"performance\":{\"a\":\"x\"}}}",
                422
            }
        }) {
            ServerProcess.Answer answer = server.call((String) call[0], (String) call[1], call[2]);
            assertThat(answer.status()).as(call[1] + " " + answer.body()).isEqualTo(call[3]);
            valid(schema("#/components/schemas/Problem"), answer.body(), (String) call[1]);
            assertThat(answer.body().get("status").intValue()).isEqualTo(call[3]);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String fill(String template) {
        return template.replace("{namespace}", "default")
                .replace("{name}", "iris")
                .replace("{version}", "1.0.0");
    }

    private static String draft(String content) throws IOException {
        String draft = server.call("POST", "/api/v1/models/default/iris/drafts", "{}")
                .body()
                .get("id")
                .asString();
        server.call("PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", bytes(content));
        return draft;
    }

    private static void publish(String content, String version, String card) throws IOException {
        server.call(
                "POST",
                "/api/v1/drafts/" + draft(content) + "/publish",
                "{\"version\":\"" + version + "\",\"card\":" + card + "}");
    }

    private JsonNode check(String method, String template, String path, Object body, List<String> checked)
            throws IOException {
        ServerProcess.Answer answer = server.call(method, path, body);
        assertThat(answer.ok()).as(method + " " + path + ": " + answer).isTrue();
        JsonNode operation = description.get("paths").get(template).get(method.toLowerCase(java.util.Locale.ROOT));
        JsonNode response = operation.get("responses").path(Integer.toString(answer.status()));
        assertThat(response.isObject())
                .as(method + " " + template + " describes " + answer.status())
                .isTrue();
        if (response.has("$ref")) {
            response = at(response.get("$ref").asString());
        }
        JsonNode schema = response.path("content").path("application/json").path("schema");
        assertThat(schema.isObject())
                .as("a schema for " + method + " " + template)
                .isTrue();
        valid(whole(schema), answer.body(), method + " " + path);
        checked.add(method + " " + template);
        return answer.body();
    }

    private static JsonNode at(String reference) {
        return description.at(reference.substring(1));
    }

    private static Schema schema(String reference) {
        return whole(Json.object().put("$ref", reference));
    }

    /** A schema together with what it may refer to. */
    private static Schema whole(JsonNode schema) {
        ObjectNode document = Json.object();
        document.set("allOf", Json.array().add(schema));
        document.set("components", description.get("components"));
        return SCHEMAS.getSchema(document);
    }

    private static void valid(Schema schema, JsonNode body, String what) {
        assertThat(schema.validate(body)).as(what + ": " + body).isEmpty();
    }
}
