package io.modelward.registry.webhook;

import io.modelward.core.json.Json;
import io.modelward.core.webhook.Event;
import tools.jackson.databind.node.ObjectNode;

/** Data as a delivery of an event has them, for trying a webhook. */
final class ExampleData {

    private ExampleData() {}

    static ObjectNode of(Event event) {
        return event.own() ? own(event) : mlflow(event);
    }

    private static ObjectNode own(Event event) {
        ObjectNode data = Json.object().put("model", "default/example").put("version", "1.0.0");
        return switch (event) {
            case VERSION_PUBLISHED ->
                data.put("digest", "sha256:" + "0".repeat(64))
                        .put("actor", "example")
                        .put("reason", "An example");
            case VERSION_LOAD_FAILED, WORKER_DIED -> data.put("why", "An example");
            case ENDPOINT_MOVED ->
                data.put("endpoint", "example")
                        .put("revision", 1)
                        .put("cause", "flip")
                        .put("digest", "sha256:" + "0".repeat(64))
                        .put("actor", "example")
                        .put("reason", "An example");
            default ->
                data.put("endpoint", "example")
                        .put("rollout", "r-0")
                        .put("state", "HELD")
                        .put("active", "0.9.0")
                        .put("actor", "example")
                        .put("reason", "An example");
        };
    }

    private static ObjectNode mlflow(Event event) {
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
            default -> throw new IllegalArgumentException(event.label());
        }
        return data;
    }

    private static ObjectNode tags(ObjectNode data) {
        data.putObject("tags").put("example_key", "example_value");
        return data;
    }
}
