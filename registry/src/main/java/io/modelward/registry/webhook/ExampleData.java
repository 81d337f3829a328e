package io.modelward.registry.webhook;

import io.modelward.core.json.Json;
import io.modelward.core.webhook.Event;
import tools.jackson.databind.node.ObjectNode;

/** Data as a delivery of an event has them, for trying a webhook. */
final class ExampleData {

    private ExampleData() {}

    static ObjectNode of(Event event) {
        ObjectNode data = Json.object().put("name", "example_model");
        switch (event) {
            case REGISTERED_MODEL_CREATED -> tags(data).put("description", "An example");
            case REGISTERED_MODEL_UPDATED -> data.put("changed", "description").put("description", "An example");
            case REGISTERED_MODEL_DELETED -> {}
            case MODEL_VERSION_CREATED ->
                tags(data.put("version", "1")
                                .put("source", "mlflow-artifacts:/1/example")
                                .putNull("run_id"))
                        .put("description", "An example")
                        .put("semver", "1.0.0");
            case MODEL_VERSION_UPDATED ->
                data.put("version", "1").put("changed", "stage").put("stage", "Production");
            case MODEL_VERSION_DELETED -> data.put("version", "1");
            case MODEL_VERSION_TAG_SET ->
                data.put("version", "1").put("key", "example_key").put("value", "example_value");
            case MODEL_VERSION_TAG_DELETED -> data.put("version", "1").put("key", "example_key");
            case MODEL_VERSION_ALIAS_CREATED ->
                data.put("alias", "example_alias").put("version", "1");
            case MODEL_VERSION_ALIAS_DELETED -> data.put("alias", "example_alias");
        }
        return data;
    }

    private static ObjectNode tags(ObjectNode data) {
        data.putObject("tags").put("example_key", "example_value");
        return data;
    }
}
