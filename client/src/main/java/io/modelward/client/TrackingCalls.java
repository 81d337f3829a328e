package io.modelward.client;

import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Experiments, runs and their files. Reached through {@link ModelwardClient#tracking()}; throws as that does. */
public final class TrackingCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;
    private final ModelwardClient.Lists lists;

    TrackingCalls(Http http, ModelwardClient.Lists lists) {
        this.http = http;
        this.lists = lists;
    }

    /**
     * {@code {"experiments": […]}}, newest first.
     *
     * @param view {@code active}, {@code deleted} or {@code all}
     */
    public JsonNode experiments(String view, int limit) {
        return lists.all(() -> at("experiments").query("view", view), "experiments", limit);
    }

    public JsonNode experiment(String id) {
        return http.get(at("experiments", id), READ).json();
    }

    public JsonNode createExperiment(String name) {
        return send(at("experiments"), Json.object().put("name", name));
    }

    public JsonNode renameExperiment(String id, String name, String reason) {
        return send(at("experiments", id, "rename"), ModelCalls.body(reason).put("name", name));
    }

    /** Deletes the experiment with its runs. */
    public void deleteExperiment(String id, String reason) {
        http.delete(ModelCalls.with(at("experiments", id), reason), READ, Map.of());
    }

    public JsonNode undeleteExperiment(String id, String reason) {
        return send(at("experiments", id, "undelete"), ModelCalls.body(reason));
    }

    /**
     * {@code {"runs": […]}}, newest first unless an order is given.
     *
     * @param experiments ids; none: of all experiments
     * @param filter as {@code metrics.accuracy > 0.9 AND params.depth = '4'}; empty: all runs
     * @param orderBy as {@code metrics.accuracy DESC}
     */
    public JsonNode runs(List<String> experiments, String filter, Optional<String> orderBy, String view, int limit) {
        return lists.all(
                () -> {
                    Address address = at("runs").query("view", view);
                    experiments.forEach(id -> address.query("experiment", id));
                    orderBy.ifPresent(order -> address.query("order_by", order));
                    return filter.isEmpty() ? address : address.query("filter", filter);
                },
                "runs",
                limit);
    }

    public JsonNode run(String id) {
        return http.get(at("runs", id), READ).json();
    }

    public void deleteRun(String id, String reason) {
        http.delete(ModelCalls.with(at("runs", id), reason), READ, Map.of());
    }

    public JsonNode undeleteRun(String id, String reason) {
        return send(at("runs", id, "undelete"), ModelCalls.body(reason));
    }

    /** {@code {"artifacts": […]}}: what lies directly in a folder of the run. */
    public JsonNode artifacts(String run, String folder) {
        return lists.all(() -> at("runs", run, "artifacts").query("path", folder), "artifacts", Integer.MAX_VALUE);
    }

    private JsonNode send(Address address, ObjectNode body) {
        return http.send("POST", address, body, READ, Map.of()).json();
    }

    private Address at(String... segments) {
        Address address = Address.of(http.base(), "api", "v1");
        for (String segment : segments) {
            address.path(segment);
        }
        return address;
    }
}
