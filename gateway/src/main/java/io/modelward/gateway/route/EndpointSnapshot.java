package io.modelward.gateway.route;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.route.Route;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a request to an endpoint needs, read once and never changed: the current route revision with its models.
 *
 * @param number the endpoint's in decision records
 * @param trial the candidates with their split; empty also when this process took its traffic away ahead of the catalog
 * @param previous the version that served before, kept loaded so that rolling back is one swap
 */
public record EndpointSnapshot(
        int number,
        Route route,
        Contract contract,
        ServingArm active,
        Optional<OnTrial> trial,
        Optional<LoadedModel> previous) {

    /**
     * The candidates of a rollout, with the split that draws their requests.
     *
     * @param candidates each that the split has a share for
     */
    public record OnTrial(TrafficSplit split, Map<ArmId, ServingArm> candidates) {

        public OnTrial {
            candidates = Map.copyOf(candidates);
        }

        public ServingArm candidate(ArmId id) {
            return Objects.requireNonNull(candidates.get(id));
        }
    }

    /** The arms of the candidates on trial. */
    public Collection<ServingArm> candidates() {
        return trial.map(onTrial -> onTrial.candidates().values()).orElse(List.of());
    }

    public String endpoint() {
        return route.endpoint();
    }

    /** The same revision with all requests to the active version. */
    public EndpointSnapshot withdrawn() {
        return new EndpointSnapshot(number, route, contract, active, Optional.empty(), previous);
    }

    EndpointSnapshot withoutPrevious() {
        return new EndpointSnapshot(number, route, contract, active, trial, Optional.empty());
    }

    /** The versions that stay loaded because of it. */
    List<ServableVersion> held() {
        List<ServableVersion> held = new ArrayList<>();
        held.add(active.model().version());
        candidates().forEach(arm -> held.add(arm.model().version()));
        previous.ifPresent(model -> held.add(model.version()));
        return held;
    }

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
}
