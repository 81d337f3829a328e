package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.ModelUse;
import io.modelward.core.tracking.ModelUse.Role;
import io.modelward.core.tracking.Run;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.registry.tracking.RunView;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Experiments and runs as MLflow's messages. What is not set, and lists of nothing, are left out. */
final class MlflowJson {

    private static final String ACTIVE = "active";
    private static final String DELETED = "deleted";

    private MlflowJson() {}

    static ObjectNode experiment(ExperimentView view) {
        ObjectNode json = Json.object()
                .put("experiment_id", Long.toString(view.experiment().id()))
                .put("name", view.experiment().name())
                .put("artifact_location", view.experiment().artifactLocation())
                .put("lifecycle_stage", view.experiment().active() ? ACTIVE : DELETED)
                .put("last_update_time", view.experiment().updatedAt())
                .put("creation_time", view.experiment().createdAt());
        list(json, "tags", view.tags(), MlflowJson::entry);
        return json;
    }

    static ObjectNode run(RunView view) {
        ObjectNode json = Json.object();
        json.set("info", info(view.run()));
        ObjectNode data = json.putObject("data");
        list(data, "metrics", view.metrics(), MlflowJson::point);
        list(data, "params", view.params(), MlflowJson::entry);
        list(data, "tags", view.tags(), MlflowJson::entry);
        ObjectNode inputs = json.putObject("inputs");
        list(inputs, "dataset_inputs", view.datasets(), MlflowJson::dataset);
        list(
                inputs,
                "model_inputs",
                models(view, Role.INPUT),
                use -> Json.object().put("model_id", use.model()));
        List<ModelUse> made = models(view, Role.OUTPUT);
        if (!made.isEmpty()) {
            list(
                    json.putObject("outputs"),
                    "model_outputs",
                    made,
                    use -> Json.object().put("model_id", use.model()).put("step", use.step()));
        }
        return json;
    }

    static ObjectNode info(Run run) {
        ObjectNode json = Json.object()
                .put("run_id", run.id())
                .put("run_uuid", run.id())
                .put("run_name", run.name())
                .put("experiment_id", Long.toString(run.experiment()))
                .put("user_id", run.user())
                .put("status", run.status().name())
                .put("start_time", run.startTime());
        run.endTime().ifPresent(time -> json.put("end_time", time));
        return json.put("artifact_uri", run.artifactUri()).put("lifecycle_stage", run.active() ? ACTIVE : DELETED);
    }

    static ObjectNode point(MetricPoint point) {
        ObjectNode json = Json.object().put("key", point.key());
        if (Double.isNaN(point.value())) {
            json.put("value", "NaN");
        } else {
            json.put("value", point.value());
        }
        return json.put("timestamp", point.timestamp()).put("step", point.step());
    }

    static ObjectNode entry(KeyValue entry) {
        return Json.object().put("key", entry.key()).put("value", entry.value());
    }

    private static ObjectNode dataset(DatasetInput input) {
        ObjectNode json = Json.object();
        list(json, "tags", input.tags(), MlflowJson::entry);
        ObjectNode dataset = json.putObject("dataset")
                .put("name", input.dataset().name())
                .put("digest", input.dataset().digest())
                .put("source_type", input.dataset().sourceType())
                .put("source", input.dataset().source());
        input.dataset().schema().ifPresent(schema -> dataset.put("schema", schema));
        input.dataset().profile().ifPresent(profile -> dataset.put("profile", profile));
        return json;
    }

    private static List<ModelUse> models(RunView view, Role role) {
        return view.models().stream().filter(use -> use.role() == role).toList();
    }

    static <T> void list(ObjectNode json, String name, List<T> items, Function<T, ObjectNode> shape) {
        if (!items.isEmpty()) {
            ArrayNode array = json.putArray(name);
            items.forEach(item -> array.add(shape.apply(item)));
        }
    }
}
