package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.runtime.ModelRuntime;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Permission;
import io.modelward.server.http.Reply;
import io.modelward.server.http.Route;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.prediction.PredictionLog;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether the server lives, whether it is ready, and how it fares. */
public final class HealthDoor {

    private final String release;
    private final Instant startedAt;
    private final Catalog catalog;
    private final RouteRestorer restorer;
    private final ModelRuntime runtime;
    private final ModelPool pool;
    private final PredictionLog log;

    public HealthDoor(
            String release,
            Instant startedAt,
            Catalog catalog,
            RouteRestorer restorer,
            ModelRuntime runtime,
            ModelPool pool,
            PredictionLog log) {
        this.release = release;
        this.startedAt = startedAt;
        this.catalog = catalog;
        this.restorer = restorer;
        this.runtime = runtime;
        this.pool = pool;
        this.log = log;
    }

    public void open(Route.Table routes) {
        // Answered where the request arrives: it must not wait for the threads of those who do work.
        byte[] alive = Json.bytes(Json.object().put("status", "alive"));
        routes.async("GET", "/livez", Permission.NONE, exchange -> exchange.send(200, "application/json", alive));
        routes.blocking("GET", "/readyz", Permission.NONE, this::ready);
        routes.blocking("GET", "/api/v1/status", Permission.READ, this::status);
    }

    private Reply ready(Exchange exchange) {
        catalog.read(tx -> tx.versions().count());
        List<String> loading = restorer.loading();
        if (loading.isEmpty()) {
            return Reply.ok(Json.object().put("status", "ready"));
        }
        ObjectNode json = Json.object().put("status", "waiting");
        ArrayNode waiting = json.putArray("waiting_for");
        loading.forEach(endpoint -> waiting.add("endpoint " + endpoint));
        return Reply.of(503, json).with("Retry-After", "1");
    }

    private Reply status(Exchange exchange) {
        ObjectNode json = Json.object().put("version", release).put("started_at", startedAt.toString());
        runtime.describe().properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        PredictionLog.Stats stats = log.stats();
        json.putObject("prediction_log")
                .put("kept", stats.kept())
                .put("lost", stats.lost())
                .put("segments", stats.segments())
                .put("sync_ms", stats.syncMillis());
        long versions = catalog.read(tx -> tx.versions().count());
        json.put("versions", versions);
        ArrayNode workers = json.putArray("workers");
        pool.all().forEach(model -> workers.add(ServingViews.loaded(model)));
        return Reply.ok(json);
    }
}
