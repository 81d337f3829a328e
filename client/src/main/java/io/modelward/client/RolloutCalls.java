package io.modelward.client;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The operations on rollouts and quarantines. Reached through {@link ModelwardClient#rollouts()}; throws as that does.
 */
public final class RolloutCalls {

    private static final Duration READ = Duration.ofSeconds(60);

    private final Http http;
    private final ModelwardClient.Lists lists;

    RolloutCalls(Http http, ModelwardClient.Lists lists) {
        this.http = http;
        this.lists = lists;
    }

    /**
     * Starts a rollout, or queues it; answers while the candidate is being loaded. An answer that got lost is asked for
     * once more.
     *
     * @param key the same key and call start one rollout only
     */
    public JsonNode start(String endpoint, RolloutCall call, String key) {
        try {
            return startOnce(endpoint, call, key);
        } catch (Unreachable lost) {
            if (!(lost.getCause() instanceof IOException)) {
                throw lost;
            }
            return startOnce(endpoint, call, key);
        }
    }

    private JsonNode startOnce(String endpoint, RolloutCall call, String key) {
        return http.send("POST", ofEndpoint(endpoint, "rollouts"), call.json(), READ, Map.of("Idempotency-Key", key))
                .json();
    }

    /** A rollout with its evidence. */
    public JsonNode get(String id) {
        return http.get(rollout(id), READ).json();
    }

    /** {@code {"rollouts": […]}}, newest first, without their evidence. */
    public JsonNode list(String endpoint, int limit) {
        return lists.all(() -> ofEndpoint(endpoint, "rollouts"), "rollouts", limit);
    }

    /** Stops it in its step, with the split it has. */
    public JsonNode hold(String id, String reason) {
        return order(id, "hold", reason);
    }

    /** Lets it go on. */
    public JsonNode resume(String id, String reason) {
        return order(id, "resume", reason);
    }

    /** Gives the candidate all traffic at once. */
    public JsonNode promote(String id, String reason) {
        return order(id, "promote", reason);
    }

    /** Takes the candidate's traffic back at once. */
    public JsonNode abort(String id, String reason) {
        return order(id, "abort", reason);
    }

    private JsonNode order(String id, String what, String reason) {
        return http.send("POST", rollout(id).path(what), Json.object().put("reason", reason), READ, Map.of())
                .json();
    }

    /**
     * Tells every change of a rollout, the first at once, until it ends. A stream that breaks is opened again a few
     * times.
     *
     * @param changes is given the rollout with its evidence, up to five times a second
     * @return the last of them
     */
    public JsonNode watch(String id, Consumer<JsonNode> changes) {
        return watch(id, changes, RolloutWatch.PAUSES);
    }

    JsonNode watch(String id, Consumer<JsonNode> changes, List<Duration> pauses) {
        return new RolloutWatch(http, () -> rollout(id).path("events"), changes, pauses).toTheEnd();
    }

    /** Whether a rollout is over. */
    public static boolean ended(JsonNode rollout) {
        return RolloutWatch.ended(rollout);
    }

    /** Every tick's counters as the server wrote them, to be judged again by {@code EvidenceExport}. */
    public String evidence(String id) {
        try (InputStream in = http.open(rollout(id).path("evidence")).body()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException brokeOff) {
            throw http.unreachable(brokeOff);
        }
    }

    /**
     * As above, into a file: it is whole, or as it was before.
     *
     * @throws IOException when the file cannot be written
     */
    public void evidence(String id, Path target) throws IOException {
        FileTransfer.receive(http, http.open(rollout(id).path("evidence")), target);
    }

    /**
     * {@code {"quarantine": […]}}, newest first: versions that were rolled back from the endpoint and may not serve it.
     */
    public JsonNode quarantine(String endpoint) {
        return http.get(ofEndpoint(endpoint, "quarantine"), READ).json();
    }

    /** Lets a version serve the endpoint again; answers what is left. */
    public JsonNode release(String endpoint, String version, String reason) {
        return http.send(
                        "POST",
                        ofEndpoint(endpoint, "quarantine").path("release"),
                        Json.object().put("version", version).put("reason", reason),
                        READ,
                        Map.of())
                .json();
    }

    private Address ofEndpoint(String endpoint, String what) {
        return Address.of(http.base(), "api", "v1", "endpoints", endpoint, what);
    }

    private Address rollout(String id) {
        return Address.of(http.base(), "api", "v1", "rollouts", id);
    }
}
