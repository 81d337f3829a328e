package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryShare;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.PartsUploads;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.LoggedModelSearch;
import io.modelward.registry.tracking.LoggedModelService;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.ModelHistory;
import io.modelward.registry.tracking.RunLog;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.RouteHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;

/** The way in for MLflow's own clients. */
public final class MlflowDoor {

    /** The level of the protocol that is spoken, as clients compare it; not the release of this server. */
    private static final String LEVEL = "3.18.0";

    private static final List<String> BELOW =
            List.of("/api/2.0/mlflow", "/api/2.11/mlflow", "/api/3.0/mlflow", "/ajax-api/");

    private final ExperimentsDoor experiments;
    private final RunsDoor runs;
    private final LogDoor log;
    private final MetricHistoryDoor metrics;
    private final ArtifactsDoor artifacts;
    private final RunFilesDoor files;
    private final PagesDoor pages;
    private final LoggedModelsDoor logged;
    private final RegisteredModelsDoor models;
    private final ModelVersionsDoor versions;
    private final WebhooksDoor webhooks;

    public MlflowDoor(
            ExperimentService experiments,
            RunService runs,
            RunSearch search,
            RunLog log,
            MetricHistory history,
            Models logged,
            Files kept,
            Registry registry) {
        this.experiments = new ExperimentsDoor(experiments);
        this.runs = new RunsDoor(runs, search);
        this.log = new LogDoor(log);
        this.metrics = new MetricHistoryDoor(history);
        this.artifacts = new ArtifactsDoor(kept.artifacts(), kept.parts(), kept.hashers(), kept.files());
        this.files = new RunFilesDoor(runs, kept.artifacts(), artifacts);
        this.pages = new PagesDoor(runs, search, logged.models(), kept.artifacts(), artifacts, kept.hashers());
        this.logged = new LoggedModelsDoor(logged, kept.artifacts());
        this.models = new RegisteredModelsDoor(registry.models(), registry.directory(), registry.aliases());
        this.versions = new ModelVersionsDoor(registry.registrar(), registry.states(), registry.directory(), artifacts);
        this.webhooks = new WebhooksDoor(registry.webhooks());
    }

    /** The services of logged models. */
    public record Models(LoggedModelService models, LoggedModelSearch search, ModelHistory history) {}

    /**
     * The services of files, and the threads that move them.
     *
     * @param hashers few platform threads: hashing must not take every core
     * @param files platform threads for work that touches the disk
     */
    public record Files(ArtifactService artifacts, PartsUploads parts, Executor hashers, Executor files) {}

    /** The services of models and versions, and who is told of them. */
    public record Registry(
            ModelService models,
            ModelDirectory directory,
            AliasService aliases,
            VersionStateService states,
            Registrar registrar,
            WebhookService webhooks) {}

    /** @param memory for the bodies of its calls */
    public void open(HttpRoute.Table routes, MemoryShare memory) {
        BELOW.forEach(prefix -> routes.memory(prefix, memory));
        BELOW.forEach(prefix -> routes.problems(prefix, MlflowProblems.ofNames()));
        // What serves is not deleted; that is no conflict of names.
        for (String prefix : MlflowRoutes.PREFIXES) {
            routes.problems(prefix + "/registered-models/delete", MlflowProblems.ofFiles());
            routes.problems(prefix + "/model-versions/delete", MlflowProblems.ofFiles());
        }
        ArtifactsDoor.PREFIXES.forEach(prefix -> routes.problems(prefix, MlflowProblems.ofFiles()));
        routes.problems(RunFilesDoor.FILE, MlflowProblems.ofFiles());
        routes.problems(ModelVersionsDoor.FILE, MlflowProblems.ofFiles());
        routes.knownAsync("GET", "/health", text("OK"));
        routes.knownAsync("GET", "/version", text(LEVEL));
        MlflowRoutes calls = new MlflowRoutes(routes);
        for (String prefix : List.of("/api/3.0/mlflow", "/ajax-api/3.0/mlflow")) {
            routes.knownBlocking("GET", prefix + "/server-info", exchange -> serverInfo());
        }
        experiments.open(calls);
        runs.open(calls);
        log.open(calls);
        metrics.open(calls);
        artifacts.open(calls);
        files.open(calls);
        pages.open(calls);
        logged.open(calls);
        models.open(calls);
        versions.open(calls);
        webhooks.open(calls);
    }

    private static RouteHandler.Async text(String text) {
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
