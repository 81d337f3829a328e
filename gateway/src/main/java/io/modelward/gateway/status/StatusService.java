package io.modelward.gateway.status;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.prediction.PredictionLogStatus;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.prediction.PredictionLog;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How the server fares. */
public final class StatusService {

    private final Access access;
    private final Catalog catalog;
    private final RouteRestorer restorer;
    private final ModelRuntime runtime;
    private final ModelPool pool;
    private final PredictionLog log;

    public StatusService(
            Access access,
            Catalog catalog,
            RouteRestorer restorer,
            ModelRuntime runtime,
            ModelPool pool,
            PredictionLog log) {
        this.access = access;
        this.catalog = catalog;
        this.restorer = restorer;
        this.runtime = runtime;
        this.pool = pool;
        this.log = log;
    }

    /**
     * How it fares now.
     *
     * @param runtime what the runtime says of itself
     * @param versions how many published versions there are
     * @param models those in memory
     */
    public record Status(
            JsonNode runtime, PredictionLogStatus predictionLog, long versions, List<LoadedModel> models) {}

    /**
     * The endpoints whose active version is still loading. Empty: the server is ready.
     *
     * @throws io.modelward.core.problem.ProblemException when the catalog cannot be read
     */
    public List<String> loading() {
        versions();
        return restorer.loading();
    }

    public Status now() {
        access.require(Action.READ, Resource.REGISTRY);
        return new Status(runtime.describe(), log.status(), versions(), pool.all());
    }

    private long versions() {
        return catalog.read(tx -> tx.versions().count());
    }
}
