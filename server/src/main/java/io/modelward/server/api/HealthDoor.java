package io.modelward.server.api;

import io.modelward.access.state.AccessState;
import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.gateway.status.StatusService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether the server lives, whether it is ready, and how it fares. */
public final class HealthDoor {

    private final String release;
    private final Instant startedAt;
    private final StatusService status;
    private final Optional<AccessState> access;

    /** @param access what is known of who may do what; empty while access control is off */
    public HealthDoor(String release, Instant startedAt, StatusService status, Optional<AccessState> access) {
        this.release = release;
        this.startedAt = startedAt;
        this.status = status;
        this.access = access;
    }

    public void open(HttpRoute.Table routes) {
        // Answered where the request arrives: it must not wait for the threads of those who do work.
        byte[] alive = Json.bytes(Json.object().put("status", "alive"));
        routes.openAsync("GET", "/livez", exchange -> exchange.send(200, "application/json", alive));
        routes.openBlocking("GET", "/readyz", this::ready);
        routes.blocking("GET", "/api/v1/status", Action.READ, this::status);
    }

    private Reply ready(Exchange exchange) {
        List<String> loading = status.loading();
        if (loading.isEmpty()) {
            return Reply.ok(Json.object().put("status", "ready"));
        }
        ObjectNode json = Json.object().put("status", "waiting");
        // Everyone may ask this; with access control on, names are for those who may read them.
        if (access.isEmpty()) {
            ArrayNode waiting = json.putArray("waiting_for");
            loading.forEach(endpoint -> waiting.add("endpoint " + endpoint));
        }
        return Reply.of(503, json).with("Retry-After", "1");
    }

    private Reply status(Exchange exchange) {
        StatusService.Status now = status.now();
        ObjectNode json = Json.object().put("version", release).put("started_at", startedAt.toString());
        now.runtime().properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        json.putObject("prediction_log")
                .put("kept", now.predictionLog().kept())
                .put("lost", now.predictionLog().lost())
                .put("segments", now.predictionLog().segments())
                .put("sync_ms", now.predictionLog().syncMillis());
        ObjectNode who = json.putObject("access").put("mode", access.isPresent() ? "on" : "off");
        access.ifPresent(known -> who.put("read_ago_ms", known.age().toMillis())
                .put("fresh", known.fresh())
                .put("tokens", known.size()));
        json.put("versions", now.versions());
        ArrayNode workers = json.putArray("workers");
        now.models().forEach(model -> workers.add(ServingJson.loaded(model)));
        return Reply.ok(json);
    }
}
