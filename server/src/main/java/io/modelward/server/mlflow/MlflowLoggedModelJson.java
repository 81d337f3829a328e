package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.Measure;
import io.modelward.registry.tracking.LoggedModelView;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Logged models as MLflow's messages. */
final class MlflowLoggedModelJson {

    private static final String VERSIONS = VersionsTag.KEY;

    private MlflowLoggedModelJson() {}

    static ObjectNode model(LoggedModelView view) {
        ObjectNode json = Json.object();
        json.set("info", info(view));
        ObjectNode data = json.putObject("data");
        MlflowJson.list(data, "params", view.params(), MlflowJson::entry);
        MlflowJson.list(
                data,
                "metrics",
                view.measures(),
                measure -> measure(measure, view.model().id()));
        return json;
    }

    private static ObjectNode info(LoggedModelView view) {
        LoggedModel model = view.model();
        ObjectNode json = Json.object()
                .put("model_id", model.id())
                .put("experiment_id", Long.toString(model.experiment()))
                .put("name", model.name())
                .put("creation_timestamp_ms", model.createdAt())
                .put("last_updated_timestamp_ms", model.updatedAt())
                .put("artifact_uri", model.artifactUri())
                .put("status", "LOGGED_MODEL_" + model.status().name());
        unlessEmpty(json, "model_type", model.type());
        unlessEmpty(json, "source_run_id", model.sourceRun());
        unlessEmpty(json, "status_message", model.statusMessage());
        MlflowJson.list(json, "tags", view.tags(), MlflowJson::entry);
        MlflowJson.list(json, "registrations", registrations(view.tags()), registration -> registration);
        return json;
    }

    private static ObjectNode measure(Measure measure, String model) {
        ObjectNode json =
                MlflowJson.point(measure.point()).put("model_id", model).put("run_id", measure.run());
        unlessEmpty(json, "dataset_name", measure.datasetName());
        unlessEmpty(json, "dataset_digest", measure.datasetDigest());
        return json;
    }

    /** Clients write a version as a number and again as a text; it is one. What is no list of versions says nothing. */
    private static List<ObjectNode> registrations(List<KeyValue> tags) {
        Optional<String> tag = KeyValue.valueOf(tags, VERSIONS);
        JsonNode list;
        try {
            list = tag.map(text -> Json.parse(text, VERSIONS)).orElseGet(Json::array);
        } catch (ProblemException malformed) {
            return List.of();
        }
        return list.valueStream()
                .filter(version -> version.path("name").isString()
                        && version.path("version").isValueNode())
                .map(version -> Json.object()
                        .put("name", version.get("name").stringValue())
                        .put("version", version.get("version").asString()))
                .distinct()
                .toList();
    }

    private static void unlessEmpty(ObjectNode json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }
}
