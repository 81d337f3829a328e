package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Keeps the list of models that clients before MLflow 3 put among the files of a run, in a tag of the run. */
public final class ModelHistory {

    static final String TAG = "mlflow.log-model.history";
    private static final List<String> NEEDED = List.of("artifact_path", "utc_time_created", "flavors");

    private final Access access;
    private final Catalog catalog;

    public ModelHistory(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /** Adds a model to the run's list; the same one again changes nothing. */
    public void add(String run, String json) {
        access.require(Action.TRACK, new Resource.Run(run));
        JsonNode model = parse(json);
        catalog.write(tx -> {
            RunService.requireActive(tx, run);
            ArrayNode history = history(tx, run);
            boolean there = history.valueStream().anyMatch(model::equals);
            if (!there) {
                history.add(model);
                tx.runData().setTag(run, Checks.tag(new KeyValue(TAG, Json.write(history))));
            }
            return true;
        });
    }

    private static JsonNode parse(String json) {
        JsonNode model = Json.parse(json, "model_json");
        List<String> missing = NEEDED.stream().filter(name -> !model.has(name)).toList();
        if (!model.isObject() || !missing.isEmpty()) {
            throw ProblemException.invalid(
                    "model_json",
                    "Model json is missing mandatory fields: " + String.join(", ", missing.isEmpty() ? NEEDED : missing)
                            + ".");
        }
        return model;
    }

    /** A tag that somebody wrote something else into is begun anew. */
    private static ArrayNode history(CatalogTransaction tx, String run) {
        Optional<String> now = KeyValue.valueOf(tx.runData().tags(List.of(run)).getOrDefault(run, List.of()), TAG);
        try {
            return now.map(text -> Json.parse(text, TAG)).orElseGet(Json::array) instanceof ArrayNode list
                    ? list
                    : Json.array();
        } catch (ProblemException malformed) {
            return Json.array();
        }
    }
}
