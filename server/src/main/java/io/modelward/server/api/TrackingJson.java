package io.modelward.server.api;

import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.json.Json;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.Run;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.registry.tracking.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Experiments and runs, as the JSON of docs/api.yaml. */
final class TrackingJson {

    private TrackingJson() {}

    static ObjectNode experiment(ExperimentView view) {
        Experiment experiment = view.experiment();
        ObjectNode json = Json.object()
                .put("experiment", Long.toString(experiment.id()))
                .put("name", experiment.name())
                .put("artifact_location", experiment.artifactLocation())
                .put("created_at", time(experiment.createdAt()))
                .put("updated_at", time(experiment.updatedAt()));
        experiment.deletedAt().ifPresent(at -> json.put("deleted_at", time(at)));
        json.set("tags", texts(view.tags()));
        return json;
    }

    static ObjectNode run(RunView view) {
        Run run = view.run();
        ObjectNode json = Json.object()
                .put("run", run.id())
                .put("name", run.name())
                .put("experiment", Long.toString(run.experiment()))
                .put("user", run.user())
                .put("status", run.status().name().toLowerCase(Locale.ROOT))
                .put("started_at", time(run.startTime()))
                .put("artifact_uri", run.artifactUri());
        run.endTime().ifPresent(at -> json.put("ended_at", time(at)));
        run.deletedAt().ifPresent(at -> json.put("deleted_at", time(at)));
        json.set("parameters", texts(view.params()));
        ObjectNode metrics = json.putObject("metrics");
        view.metrics().forEach(point -> metrics.set(point.key(), point(point)));
        json.set("tags", texts(view.tags()));
        ArrayNode datasets = json.putArray("datasets");
        view.datasets().forEach(input -> datasets.add(dataset(input)));
        ArrayNode models = json.putArray("models");
        view.models()
                .forEach(use -> models.addObject()
                        .put("model", use.model())
                        .put("role", use.role().name().toLowerCase(Locale.ROOT))
                        .put("step", use.step()));
        return json;
    }

    /** JSON has no number that is none, so the value is then the text {@code NaN}. */
    private static ObjectNode point(MetricPoint point) {
        ObjectNode json = Json.object();
        if (Double.isNaN(point.value())) {
            json.put("value", "NaN");
        } else {
            json.put("value", point.value());
        }
        return json.put("step", point.step()).put("at", time(point.timestamp()));
    }

    private static ObjectNode dataset(DatasetInput input) {
        ObjectNode json = Json.object()
                .put("name", input.dataset().name())
                .put("digest", input.dataset().digest())
                .put("source_type", input.dataset().sourceType());
        json.set("tags", texts(input.tags()));
        return json;
    }

    /** @param folder the path of the folder that the entry lies in, with its slash; empty: the root */
    static ObjectNode artifact(ArtifactEntry entry, String folder) {
        ObjectNode json = Json.object().put("path", folder + entry.name()).put("folder", entry.directory());
        return entry.directory() ? json : json.put("size", entry.size());
    }

    private static ObjectNode texts(List<KeyValue> entries) {
        ObjectNode json = Json.object();
        entries.forEach(entry -> json.put(entry.key(), entry.value()));
        return json;
    }

    /** Clients write what they like, also times that no calendar has. */
    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
