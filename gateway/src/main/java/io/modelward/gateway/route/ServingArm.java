package io.modelward.gateway.route;

import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;

/**
 * A version that answers an endpoint's requests.
 *
 * @param recent how it fared lately
 * @param metrics counts its answers for those who watch
 */
public record ServingArm(LoadedModel model, RecentRequests recent, ServingMetrics.ArmHandle metrics) {

    ServingArm countedBy(ServingMetrics.ArmHandle counters) {
        return new ServingArm(model, recent, counters);
    }
}
