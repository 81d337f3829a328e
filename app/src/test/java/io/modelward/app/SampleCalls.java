package io.modelward.app;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.registry.version.VersionResolver;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call of each way in, such that nothing but access can refuse it before the service is asked; and a server's content
 * that the calls are about.
 */
final class SampleCalls {

    /** What stands for the parameters of addresses, by their names, before there is any content. */
    static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("channel", "team"),
            Map.entry("namespace", "default"),
            Map.entry("name", "iris"),
            Map.entry("version", "1.0.0"),
            Map.entry("alias", "champion"),
            Map.entry("endpoint", "iris"),
            Map.entry("rollout", "r-1"),
            Map.entry("upload", "u-1"),
            Map.entry("number", "1"),
            Map.entry("prediction", "p-1"),
            Map.entry("file", "app.css"),
            Map.entry("token", "t-1"),
            Map.entry("job", "weekly"),
            Map.entry("grant", "g-9999"));

    private static final String JOB =
            "{\"model\":\"iris\",\"command\":[\"python\",\"train.py\"],\"code\":{\"archive\":\"sha256:" + "0".repeat(64)
                    + "\"}";

    /** What stands for the runs of jobs; the others are those of experiments. */
    static final String JOB_RUN = "job-run";

    private static final String TAG = "{\"value\":\"v\"}";

    /** Bodies of the native API. Members that a call does not know would be refused there. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("POST /api/v1/models/{namespace}/{name}/drafts", "{}"),
            Map.entry("POST /api/v1/drafts/{draft}/publish", "{\"version\":\"1.1.0\",\"card\":{}}"),
            Map.entry("PUT /api/v1/models/{namespace}/{name}/aliases/{alias}", "{\"version\":\"1.0.0\"}"),
            Map.entry("PUT /api/v1/endpoints/{endpoint}", "{\"model\":\"iris\",\"version\":\"1.0.0\"}"),
            Map.entry("POST /api/v1/endpoints/{endpoint}/flip", "{\"version\":\"1.0.0\",\"reason\":\"a test\"}"),
            Map.entry("POST /api/v1/endpoints/{endpoint}/rollback", "{\"reason\":\"a test\"}"),
            Map.entry(
                    "POST /api/v1/endpoints/{endpoint}/rollouts",
                    "{\"model\":\"iris\",\"candidate\":\"1.0.0\",\"reason\":\"a test\"}"),
            Map.entry(
                    "POST /api/v1/endpoints/{endpoint}/quarantine/release",
                    "{\"version\":\"1.0.0\",\"reason\":\"a test\"}"),
            Map.entry("POST /api/v1/models/{namespace}/{name}/rename", "{\"name\":\"lily\"}"),
            Map.entry("PUT /api/v1/models/{namespace}/{name}/description", "{\"description\":\"text\"}"),
            Map.entry("PUT /api/v1/models/{namespace}/{name}/tags/{path}", TAG),
            Map.entry(
                    "PUT /api/v1/models/{namespace}/{name}/versions/{version}/description",
                    "{\"description\":\"text\"}"),
            Map.entry("PUT /api/v1/models/{namespace}/{name}/versions/{version}/tags/{path}", TAG),
            Map.entry("POST /api/v1/experiments", "{\"name\":\"leaves\"}"),
            Map.entry("POST /api/v1/experiments/{experiment}/rename", "{\"name\":\"trees\"}"),
            Map.entry("POST /api/v1/jobs", JOB + ",\"job\":\"weekly\"}"),
            Map.entry("PUT /api/v1/jobs/{job}", JOB + "}"),
            Map.entry("POST /api/v1/verify", "{}"),
            Map.entry(
                    "POST /api/v1/access/tokens",
                    "{\"name\":\"t\",\"grants\":[{\"role\":\"reader\",\"scope\":\"model:iris\"}],\"expires\":\"1h\"}"),
            Map.entry(
                    "POST /api/v1/access/grants",
                    "{\"subject\":\"group:g\",\"role\":\"reader\",\"scope\":\"model:iris\"}"),
            Map.entry("POST /api/v1/access/users/disable", "{\"subject\":\"service:nobody\"}"),
            Map.entry("POST /api/v1/access/users/enable", "{\"subject\":\"service:nobody\"}"),
            Map.entry(
                    "POST /api/v1/webhooks",
                    "{\"name\":\"v\",\"url\":\"http://127.0.0.1:1/\",\"events\":[\"rollout.held\"]}"),
            Map.entry("PATCH /api/v1/webhooks/{webhook}", "{\"active\":true}"),
            Map.entry("POST /api/v1/webhooks/{webhook}/test", "{}"),
            Map.entry(
                    "POST /api/v1/notifications/channels", "{\"name\":\"other\",\"webhook\":\"http://127.0.0.1:1/\"}"),
            Map.entry("PUT /api/v1/notifications/channels/{channel}", "{\"events\":[\"rollout.held\"]}"),
            Map.entry("POST /api/v1/notifications/channels/{channel}/test", "{}"),
            // Nothing says where to.
            Map.entry("POST /api/v1/backups", "{}"),
            Map.entry("POST /predict/{endpoint}", "{\"instances\":[[1,2]]}"));

    /** What the forms of all pages need; a form takes no notice of the fields of others. */
    private static final String FORM =
            "reason=a+test&confirm=on&name=t&model=iris&version=1.0.0&candidate=1.0.0&alias=champion&key=k&value=v"
                    + "&to=lily&endpoint=iris&as-json=on&json=%7B%22instances%22%3A%5B%5B1%2C2%5D%5D%7D"
                    + "&subject=service:nobody&role=reader&scope=model:iris&expires=1h&url=http://127.0.0.1:1/"
                    + "&event-rollout.held=on&event=model_version.created&active=on&description=text";

    /** The forms whose names mean something else than those of the others. */
    private static final Map<String, String> FORMS = Map.ofEntries(
            Map.entry("/ui/models/{namespace}/{name}/delete", "reason=a+test&confirm=default%2Firis"),
            Map.entry("/ui/models/{namespace}/{name}/versions/{version}/delete", "reason=a+test&confirm=1.0.0"),
            Map.entry("/ui/endpoints/{endpoint}/delete", "reason=a+test&confirm=iris"));

    /** One for all: a test that calls every way in as everybody would else have thousands open. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;
    private final Map<String, String> parts;
    private final Map<String, String> headers;
    private UnaryOperator<String> rewrite = UnaryOperator.identity();

    /** @param parts what stands for the parameters of addresses, by their names; {@link #content} has them */
    SampleCalls(String address, Map<String, String> parts) {
        this(address, parts, Map.of());
    }

    /** @param headers that go with each call */
    SampleCalls(String address, Map<String, String> parts, Map<String, String> headers) {
        this.address = address;
        this.parts = parts;
        this.headers = headers;
    }

    /** Has what is sent changed before it is sent: addresses and JSON. */
    SampleCalls rewriting(UnaryOperator<String> with) {
        rewrite = with;
        return this;
    }

    /** Whether a way in is MLflow's. */
    static boolean isMlflow(HttpRoute route) {
        return route.template()
                .matches("/(ajax-)?api/[23][.][0-9]+/mlflow.*|/health|/version|(/model-versions)?/get-artifact");
    }

    /** Whether a way in is a page for people, or belongs to one: a form, a style, a script. */
    static boolean isPage(HttpRoute route) {
        return route.template().matches("/|/ui|/ui/.*|/docs|/static/\\{file}");
    }

    /** Whether a way in is about one job, or a run of one. */
    static boolean isOfJob(HttpRoute route) {
        return route.template().matches("/api/v1/job-runs/.*|/(api/v1|ui)/jobs/[{]job}.*");
    }

    /** Fills a server that lets everyone do everything; answers the names of what is there now. */
    Map<String, String> content() throws Exception {
        Map<String, String> made = new LinkedHashMap<>(parts);
        String draft = made("POST", "/api/v1/models/default/iris/drafts", "{}", "id");
        send("PUT", "/api/v1/drafts/" + draft + "/files/model.joblib", "bytes".getBytes(StandardCharsets.UTF_8), "");
        made("POST", "/api/v1/drafts/" + draft + "/publish", "{\"version\":\"1.0.0\",\"card\":{}}", "version");
        made("PUT", "/api/v1/models/default/iris/aliases/champion", "{\"version\":\"1.0.0\"}", "alias");
        made.put("draft", made("POST", "/api/v1/models/default/iris/drafts", "{}", "id"));
        String run = mlflow("/runs/create", "{\"experiment_id\":\"0\",\"user_id\":\"ann\"}")
                .at("/run/info/run_id")
                .asString();
        made.put("run", run);
        mlflow("/runs/log-metric", "{\"run_id\":\"" + run + "\",\"key\":\"m\",\"value\":1,\"timestamp\":1}");
        made.put(
                "experiment",
                mlflow("/experiments/create", "{\"name\":\"flowers\"}")
                        .path("experiment_id")
                        .asString());
        made.put("artifact", "0/" + run + "/artifacts/a.txt");
        send(
                "PUT",
                "/api/2.0/mlflow-artifacts/artifacts/" + made.get("artifact"),
                "text".getBytes(StandardCharsets.UTF_8),
                "");
        made.put(
                "model",
                mlflow("/logged-models", "{\"experiment_id\":\"0\",\"name\":\"m\"}")
                        .at("/model/info/model_id")
                        .asString());
        made.put(
                "channel",
                made(
                        "POST",
                        "/api/v1/notifications/channels",
                        "{\"name\":\"team\",\"webhook\":\"http://127.0.0.1:1/\"}",
                        "name"));
        made.put(
                "webhook",
                mlflow(
                                "/webhooks",
                                "{\"name\":\"w\",\"url\":\"http://127.0.0.1:1/\",\"events\":[{\"entity\":\"MODEL_VERSION\",\"action\":\"CREATED\"}]}")
                        .at("/webhook/webhook_id")
                        .asString());
        job(made);
        return made;
    }

    /** A job with a run that waits; a server that runs no jobs leaves the run as it is. */
    private void job(Map<String, String> made) throws Exception {
        // An archive without files.
        byte[] archive = new byte[22];
        System.arraycopy(new byte[] {'P', 'K', 5, 6}, 0, archive, 0, 4);
        HttpResponse<String> kept = send("PUT", "/api/v1/job-files", archive, "");
        String digest = Json.parse(kept.body(), "answer").path("sha256").asString("");
        made(
                "POST",
                "/api/v1/jobs",
                "{\"job\":\"weekly\",\"model\":\"iris\",\"command\":[\"python\",\"train.py\"],\"code\":{\"archive\":\""
                        + digest + "\"}}",
                "job");
        made.put(JOB_RUN, made("POST", "/api/v1/jobs/weekly/runs", "{}", "run"));
    }

    private String made(String method, String path, String body, String member) throws Exception {
        HttpResponse<String> answer = send(method, path, body, "");
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + answer.body());
        }
        return Json.parse(answer.body(), "answer").path(member).asString("");
    }

    private JsonNode mlflow(String path, String body) throws Exception {
        HttpResponse<String> answer = send("POST", "/api/2.0/mlflow" + path, body, "");
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.body());
        }
        return Json.parse(answer.body(), "answer");
    }

    /** Puts an endpoint into the catalog, as if it had been made by a call; making one takes a Python. */
    static void endpoint(Catalog catalog) {
        catalog.write(tx -> {
            PublishedVersion version = VersionResolver.resolve(tx, ModelName.parse("iris"), Selector.parse("1.0.0"));
            insert(tx, ServableVersion.of(version));
            return true;
        });
    }

    private static void insert(CatalogTransaction tx, ServableVersion version) {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        tx.routes().insertEndpoint("iris", now);
        var route = new io.modelward.core.route.Route(
                "iris",
                1,
                List.of(new Arm(version.ref(), io.modelward.core.route.Route.WHOLE, ArmRole.ACTIVE)),
                version.signature());
        tx.routes()
                .insertRevision(
                        RouteRevision.of(route, "create", false, Optional.empty(), new Change(now, "ann", false, "")));
    }

    /** Calls a way in as somebody. */
    HttpResponse<String> call(HttpRoute route, String actor) throws Exception {
        String path = route.template();
        if (isOfJob(route) && parts.containsKey(JOB_RUN)) {
            path = path.replace("{run}", parts.get(JOB_RUN));
        }
        for (Map.Entry<String, String> part : parts.entrySet()) {
            path = path.replace("{" + part.getKey() + "}", part.getValue());
        }
        String file = route.template().contains("/drafts/")
                ? "model.joblib"
                : route.template().contains("mlflow-artifacts") ? parts.get("artifact") : "k";
        path = path.replace("{path}", file);
        if (route.method().equals("GET")) {
            // A list of records would take the version for one of no model. Live events would not end.
            boolean none = List.of("/api/v1/predictions", "/ui/events").contains(route.template());
            String query = none ? "" : isPage(route) ? pageQuery() : query();
            return send("GET", path + query, null, actor);
        }
        if (isPage(route)) {
            return send(route.method(), path, new Form(FORMS.getOrDefault(route.template(), FORM)), actor);
        }
        if (route.method().equals("PUT")
                && route.template().endsWith("{path}")
                && !BODIES.containsKey(route.method() + " " + route.template())) {
            return send("PUT", path, "text".getBytes(StandardCharsets.UTF_8), actor);
        }
        String asked = route.template().endsWith("/upload-artifact") ? path + query() : path;
        return send(route.method(), asked, body(route), actor);
    }

    /** All that any call by GET asks for. */
    private String query() {
        return "?selector=latest&from=1.0.0&to=1.0.0&name=iris&version=1&alias=champion&path=a.txt&artifact_file_path=a.txt&metric_key=m"
                + "&experiment_name=flowers&experiment_id=" + parts.get("experiment") + "&run_id=" + parts.get("run")
                + "&run_ids=" + parts.get("run");
    }

    /** All that any page asks for. */
    private String pageQuery() {
        return "?q=iris&model=iris&version=1.0.0&alias=champion&endpoint=iris&run=" + parts.get("run");
    }

    /** The fields of a form, as a browser sends them. */
    private record Form(String fields) {}

    private String body(HttpRoute route) {
        String known = BODIES.get(route.method() + " " + route.template());
        if (known != null) {
            return known;
        }
        if (!isMlflow(route)) {
            return "{\"reason\":\"a test\"}";
        }
        ObjectNode json = Json.object()
                .put("run_id", parts.get("run"))
                .put("experiment_id", parts.get("experiment"))
                .put("name", "iris")
                .put("new_name", "lily")
                .put("version", "1")
                .put("alias", "champion")
                .put("key", "k")
                .put("stage", "Staging")
                .put("archive_existing_versions", false)
                .put("upload_id", "u-1")
                .put("path", "a.txt")
                .put("source", "runs:/" + parts.get("run") + "/")
                .put("url", "http://127.0.0.1:1/")
                .put("model_json", "{\"artifact_path\":\"m\",\"utc_time_created\":\"now\",\"flavors\":{}}");
        json.putArray("events").addObject().put("entity", "MODEL_VERSION").put("action", "CREATED");
        if (route.template().endsWith("/search-datasets")) {
            json.putArray("experiment_ids").add(parts.get("experiment"));
        }
        if (route.template().endsWith("/log-metric")) {
            return Json.write(json.put("value", 1).put("timestamp", 1));
        }
        if (route.template().endsWith("/logged-models/{model}")) {
            json.put("status", "LOGGED_MODEL_READY");
        }
        return Json.write(json.put("value", "v"));
    }

    private HttpResponse<String> send(String method, String path, Object body, String actor) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + rewrite.apply(path)));
        if (body instanceof byte[] bytes) {
            request.method(method, BodyPublishers.ofByteArray(bytes));
        } else if (body instanceof Form form) {
            request.method(method, BodyPublishers.ofString(rewrite.apply(form.fields())))
                    .header("Content-Type", "application/x-www-form-urlencoded");
        } else if (body instanceof String json) {
            request.method(method, BodyPublishers.ofString(rewrite.apply(json)))
                    .header("Content-Type", "application/json");
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        headers.forEach(request::header);
        if (!actor.isEmpty()) {
            request.header("Modelward-Actor", actor);
        }
        return ServerProcess.send(HTTP, request.build(), BodyHandlers.ofString());
    }

    /** Calls an address as somebody, with JSON or without a body. */
    HttpResponse<String> call(String method, String path, String json, String actor) throws Exception {
        return send(method, path, json, actor);
    }
}
