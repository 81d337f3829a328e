package io.modelward.registry.version;

import io.modelward.core.json.Json;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.registry.tracking.RunView;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a registered version came from: its source, and the run as it stands now.
 *
 * @param run empty when no run was named, or this server does not know it
 */
public record Provenance(VersionOrigin origin, Optional<RunView> run) {

    private static final int MOST = 1000;

    /** Empty for a version that was uploaded for itself. */
    public static Optional<Provenance> of(CatalogTransaction tx, long version) {
        return tx.versionOrigins().find(version).map(origin -> new Provenance(origin, run(tx, origin)));
    }

    /** The run that an origin names, as it stands now. */
    public static Optional<RunView> run(CatalogTransaction tx, VersionOrigin origin) {
        return origin.run()
                .flatMap(tx.runs()::find)
                .flatMap(row -> RunView.of(tx, List.of(row)).stream().findFirst());
    }

    /**
     * As JSON: {@code {"source", "external", "logged_model"?, "run"?: {"id", "name", "experiment", "user", "status",
     * "started_at", "ended_at"?, "repository"?, "git_commit"?, "datasets": [{"name", "digest", "context"?}],
     * "parameters": {…}, "metrics": {…}}}}; of long lists the first thousand.
     */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("source", origin.source()).put("external", origin.external());
        origin.loggedModel().ifPresent(model -> json.put("logged_model", model));
        if (run.isPresent()) {
            json.set("run", run(run.get()));
        } else {
            origin.run().ifPresent(id -> json.putObject("run").put("id", id));
        }
        return json;
    }

    private static ObjectNode run(RunView view) {
        ObjectNode json = Json.object()
                .put("id", view.run().id())
                .put("name", view.run().name())
                .put("experiment", Long.toString(view.run().experiment()))
                .put("user", view.run().user())
                .put("status", view.run().status().name())
                .put("started_at", Instant.ofEpochMilli(view.run().startTime()).toString());
        view.run()
                .endTime()
                .ifPresent(end -> json.put("ended_at", Instant.ofEpochMilli(end).toString()));
        KeyValue.valueOf(view.tags(), "mlflow.source.git.repoURL").ifPresent(url -> json.put("repository", url));
        KeyValue.valueOf(view.tags(), "mlflow.source.git.commit").ifPresent(commit -> json.put("git_commit", commit));
        ArrayNode datasets = json.putArray("datasets");
        view.datasets().stream().limit(MOST).forEach(input -> datasets.add(dataset(input)));
        ObjectNode parameters = json.putObject("parameters");
        view.params().stream().limit(MOST).forEach(param -> parameters.put(param.key(), param.value()));
        ObjectNode metrics = json.putObject("metrics");
        view.metrics().stream().limit(MOST).forEach(point -> put(metrics, point));
        return json;
    }

    private static void put(ObjectNode metrics, MetricPoint point) {
        if (Double.isNaN(point.value())) {
            metrics.put(point.key(), "NaN");
        } else {
            metrics.put(point.key(), point.value());
        }
    }

    private static ObjectNode dataset(DatasetInput input) {
        ObjectNode json = Json.object()
                .put("name", input.dataset().name())
                .put("digest", input.dataset().digest());
        KeyValue.valueOf(input.tags(), "mlflow.data.context").ifPresent(context -> json.put("context", context));
        return json;
    }
}
