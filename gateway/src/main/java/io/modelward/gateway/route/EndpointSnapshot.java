package io.modelward.gateway.route;

import io.modelward.core.route.Route;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.predict.Contract;
import java.util.Optional;

/**
 * All that a request to an endpoint needs, read once and never changed: the current route revision with its models.
 *
 * @param number the endpoint's in decision records
 * @param metrics counts what the active version answers
 * @param previous the version that served before, kept loaded so that rolling back is one swap
 */
public record EndpointSnapshot(
        int number,
        Route route,
        Contract contract,
        LoadedModel active,
        ServingMetrics.Arm metrics,
        Optional<LoadedModel> previous) {

    public String endpoint() {
        return route.endpoint();
    }

    /** The same, with its answers counted here. */
    EndpointSnapshot countedBy(ServingMetrics.Arm counters) {
        return new EndpointSnapshot(number, route, contract, active, counters, previous);
    }
}
