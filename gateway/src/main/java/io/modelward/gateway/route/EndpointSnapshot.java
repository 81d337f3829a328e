package io.modelward.gateway.route;

import io.modelward.core.route.Route;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.evidence.Trial;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a request to an endpoint needs, read once and never changed: the current route revision with its models.
 *
 * @param number the endpoint's in decision records
 * @param candidate the version on trial; empty also when this process took its traffic away ahead of the catalog
 * @param previous the version that served before, kept loaded so that rolling back is one swap
 */
public record EndpointSnapshot(
        int number,
        Route route,
        Contract contract,
        ServingArm active,
        Optional<OnTrial> candidate,
        Optional<LoadedModel> previous) {

    /** A candidate with the trial that draws its requests. */
    public record OnTrial(ServingArm arm, Trial trial) {}

    public String endpoint() {
        return route.endpoint();
    }

    /** The same revision with all requests to the active version. */
    public EndpointSnapshot withdrawn() {
        return new EndpointSnapshot(number, route, contract, active, Optional.empty(), previous);
    }

    EndpointSnapshot withoutPrevious() {
        return new EndpointSnapshot(number, route, contract, active, candidate, Optional.empty());
    }

    /** The versions that stay loaded because of it. */
    List<ServableVersion> held() {
        List<ServableVersion> held = new ArrayList<>();
        held.add(active.model().version());
        candidate.ifPresent(onTrial -> held.add(onTrial.arm().model().version()));
        previous.ifPresent(model -> held.add(model.version()));
        return held;
    }
}
