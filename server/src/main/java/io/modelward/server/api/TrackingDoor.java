package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.PageToken;
import io.modelward.core.search.Search;
import io.modelward.registry.Page;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.tracking.RunView;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FileReply;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Experiments, runs and their files: found, looked at, renamed, deleted and brought back. Runs are written by MLflow's
 * clients.
 */
public final class TrackingDoor {

    private static final String EXPERIMENTS = "/api/v1/experiments";
    private static final String EXPERIMENT = EXPERIMENTS + "/{experiment}";
    private static final String RUNS = "/api/v1/runs";
    private static final String RUN = RUNS + "/{run}";
    private static final String VIEW = "view";

    private final ExperimentService experiments;
    private final RunService runs;
    private final RunSearch search;
    private final ArtifactService artifacts;
    private final Executor files;

    /** @param files platform threads for work that touches the disk */
    public TrackingDoor(
            ExperimentService experiments,
            RunService runs,
            RunSearch search,
            ArtifactService artifacts,
            Executor files) {
        this.experiments = experiments;
        this.runs = runs;
        this.search = search;
        this.artifacts = artifacts;
        this.files = files;
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", EXPERIMENTS, Action.READ, this::experiments);
        routes.blocking("POST", EXPERIMENTS, Action.TRACK, this::create);
        routes.blocking("GET", EXPERIMENT, Action.READ, exchange -> told(experiment(exchange)));
        routes.blocking("POST", EXPERIMENT + "/rename", Action.TRACK, exchange -> {
            Body body = exchange.body("name", "reason");
            experiments.rename(experiment(exchange), body.required("name"), exchange.actor(), reason(body));
            return told(experiment(exchange));
        });
        routes.blocking("DELETE", EXPERIMENT, Action.DELETE, exchange -> {
            experiments.delete(experiment(exchange), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("POST", EXPERIMENT + "/undelete", Action.DELETE, exchange -> {
            Body body = exchange.optionalBody("reason");
            experiments.restore(experiment(exchange), exchange.actor(), reason(body));
            return told(experiment(exchange));
        });
        routes.blocking("GET", RUNS, Action.READ, this::runs);
        routes.blocking(
                "GET", RUN, Action.READ, exchange -> Reply.ok(TrackingJson.run(runs.get(exchange.path("run")))));
        routes.blocking("DELETE", RUN, Action.DELETE, exchange -> {
            runs.delete(exchange.path("run"), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("POST", RUN + "/undelete", Action.DELETE, exchange -> {
            Body body = exchange.optionalBody("reason");
            runs.restore(exchange.path("run"), exchange.actor(), reason(body));
            return Reply.ok(TrackingJson.run(runs.get(exchange.path("run"))));
        });
        routes.blocking("GET", RUN + "/artifacts", Action.READ, this::artifacts);
        routes.async(
                "GET",
                RUN + "/artifacts/{path}",
                Action.READ,
                exchange -> files.execute(() -> exchange.asCaller(() -> file(exchange))));
    }

    private static String experiment(Exchange exchange) {
        return exchange.path("experiment");
    }

    private static String reason(Body body) {
        return body.string("reason").orElse("");
    }

    private Reply told(String experiment) {
        return Reply.ok(TrackingJson.experiment(experiments.get(experiment)));
    }

    private Reply create(Exchange exchange) throws IOException {
        Body body = exchange.body("name", "artifact_location");
        String id = experiments.create(
                body.required("name"), body.string("artifact_location"), List.of(), exchange.actor());
        return Reply.of(201, TrackingJson.experiment(experiments.get(id)));
    }

    private Reply experiments(Exchange exchange) {
        Page<ExperimentView> page = experiments.search(query(exchange, List.of()));
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("experiments");
        page.items().forEach(experiment -> list.add(TrackingJson.experiment(experiment)));
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    /** Written run by run: a page may be large. */
    private Reply runs(Exchange exchange) {
        Page<RunView> page = search.search(query(exchange, exchange.queries("experiment")));
        return Reply.written(out -> {
            String before = "{\"runs\":[";
            for (RunView run : page.items()) {
                out.write(before.getBytes(StandardCharsets.UTF_8));
                out.write(Json.bytes(TrackingJson.run(run)));
                before = ",";
            }
            String start = page.items().isEmpty() ? before : "";
            String token = page.next()
                    .map(text -> ",\"next_page_token\":"
                            + Json.write(Json.array().add(text)).replaceAll("^\\[|]$", ""))
                    .orElse("");
            out.write((start + "]" + token + "}").getBytes(StandardCharsets.UTF_8));
        });
    }

    private static Query query(Exchange exchange, List<String> of) {
        return new Query(
                of,
                exchange.query("filter").orElse(""),
                exchange.queries("order_by"),
                exchange.query(VIEW).map(TrackingDoor::view).orElse(Search.View.ACTIVE_ONLY),
                exchange.query("page_token"),
                exchange.pageSize());
    }

    private static Search.View view(String text) {
        return switch (text) {
            case "active" -> Search.View.ACTIVE_ONLY;
            case "deleted" -> Search.View.DELETED_ONLY;
            case "all" -> Search.View.ALL;
            default -> throw ProblemException.invalid(VIEW, VIEW + " is active, deleted or all.");
        };
    }

    private RunArtifacts folder(Exchange exchange) {
        return new RunArtifacts(runs.run(exchange.path("run")).artifactUri());
    }

    private Reply artifacts(Exchange exchange) {
        String path = exchange.query("path").orElse("");
        ArtifactPath folder = folder(exchange).at(path);
        Page<ArtifactEntry> page = artifacts.list(folder, exchange.pageToken().orElse(""), exchange.pageSize());
        String below = ArtifactPath.parseDirectory(path).value();
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("artifacts");
        page.items().forEach(entry -> list.add(TrackingJson.artifact(entry, below.isEmpty() ? "" : below + "/")));
        page.next().ifPresent(next -> json.put("next_page_token", PageToken.ofKey(next)));
        return Reply.ok(json);
    }

    private void file(Exchange exchange) {
        try {
            Artifact artifact = artifacts.get(folder(exchange).at(exchange.path("path")));
            FileReply.of(artifact.sha256(), artifact.size(), (from, length) -> artifacts.open(artifact, from, length))
                    .send(exchange, files);
        } catch (IOException | RuntimeException failure) {
            exchange.fail(failure);
        }
    }
}
