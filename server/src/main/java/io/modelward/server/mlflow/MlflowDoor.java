package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.RunLog;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.server.http.Action;
import io.modelward.server.http.Permission;
import io.modelward.server.http.Reply;
import io.modelward.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The way in for MLflow's own clients. */
public final class MlflowDoor {

    /** The level of the protocol that is spoken, as clients compare it; not the release of this server. */
    private static final String LEVEL = "3.18.0";

    private static final List<String> BELOW =
            List.of("/api/2.0/mlflow", "/api/2.11/mlflow", "/api/3.0/mlflow", "/ajax-api/");

    private final ExperimentsDoor experiments;
    private final RunsDoor runs;
    private final LogDoor log;
    private final MetricsDoor metrics;

    public MlflowDoor(
            ExperimentService experiments, RunService runs, RunSearch search, RunLog log, MetricHistory history) {
        this.experiments = new ExperimentsDoor(experiments);
        this.runs = new RunsDoor(runs, search);
        this.log = new LogDoor(log);
        this.metrics = new MetricsDoor(history);
    }

    public void open(Route.Table routes) {
        MlflowProblems problems = new MlflowProblems();
        BELOW.forEach(prefix -> routes.problems(prefix, problems));
        routes.async("GET", "/health", Permission.NONE, text("OK"));
        routes.async("GET", "/version", Permission.NONE, text(LEVEL));
        Calls calls = new Calls(routes);
        for (String prefix : List.of("/api/3.0/mlflow", "/ajax-api/3.0/mlflow")) {
            routes.blocking("GET", prefix + "/server-info", Permission.READ, exchange -> serverInfo());
        }
        experiments.open(calls);
        runs.open(calls);
        log.open(calls);
        metrics.open(calls);
    }

    private static Action.Async text(String text) {
        return exchange -> exchange.send(200, "text/plain;charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** What clients ask before they move files. */
    private static Reply serverInfo() {
        return Reply.ok(Json.object()
                .put("store_type", "SqlStore")
                .put("workspaces_enabled", false)
                .put("multipart_uploads_enabled", false)
                .put("multipart_downloads_enabled", false)
                .put("artifacts_presigned_only", false));
    }
}
