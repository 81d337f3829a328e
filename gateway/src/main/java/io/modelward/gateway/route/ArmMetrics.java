package io.modelward.gateway.route;

import io.modelward.core.route.Role;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot.OnTrial;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which series exist for an endpoint: those of what serves it and of what served before, and those of its last candidate, so that a rollout
 * can be looked at after its end. Others go; else each move would leave some for good.
 */
public final class ArmMetrics {

    private final ServingMetrics metrics;
    /** The last candidate of each endpoint; guarded by the route table's lock, as are all calls but {@link #arm}. */
    private final Map<String, ServableVersion> candidates = new HashMap<>();

    public ArmMetrics(ServingMetrics metrics) {
        this.metrics = metrics;
    }

    ServingMetrics.Arm arm(String endpoint, LoadedModel model, Role role) {
        ServableVersion version = model.version();
        return metrics.arm(
                endpoint,
                version.modelId(),
                () -> model.version().model(),
                version.version().toString(),
                role.label());
    }

    /** The snapshot with its series asked for again: a move in between may have dropped those that it came with. */
    EndpointSnapshot counted(EndpointSnapshot snapshot) {
        String endpoint = snapshot.endpoint();
        return new EndpointSnapshot(
                snapshot.number(),
                snapshot.route(),
                snapshot.contract(),
                snapshot.active().countedBy(arm(endpoint, snapshot.active().model(), Role.ACTIVE)),
                snapshot.candidate()
                        .map(onTrial -> new OnTrial(
                                onTrial.arm()
                                        .countedBy(arm(endpoint, onTrial.arm().model(), Role.CANARY)),
                                onTrial.trial())),
                snapshot.previous());
    }

    /** Drops the series of what only the snapshot that is gone had. */
    void forget(EndpointSnapshot gone, EndpointSnapshot stays) {
        Set<Which> kept = new HashSet<>();
        stays.held().forEach(version -> kept.add(Which.of(version)));
        for (ServableVersion version : gone.held()) {
            if (!kept.contains(Which.of(version))) {
                forget(gone.endpoint(), version, Role.ACTIVE);
            }
        }
        stays.candidate().map(onTrial -> onTrial.arm().model().version()).ifPresent(candidate -> {
            ServableVersion last = candidates.put(stays.endpoint(), candidate);
            if (last != null && !Which.of(last).equals(Which.of(candidate))) {
                forget(stays.endpoint(), last, Role.CANARY);
            }
        });
    }

    /** Drops all series of a snapshot that nothing follows. */
    void forget(EndpointSnapshot gone) {
        gone.held().forEach(version -> forget(gone.endpoint(), version, Role.ACTIVE));
        ServableVersion last = candidates.remove(gone.endpoint());
        if (last != null) {
            forget(gone.endpoint(), last, Role.CANARY);
        }
    }

    /** A version, whatever the name of its model. */
    private record Which(ModelId model, String version) {
        static Which of(ServableVersion version) {
            return new Which(version.modelId(), version.version().toString());
        }
    }

    /** The series of the model's arms have this name from now on. */
    void renamed(ModelId model, ModelName name) {
        metrics.renamed(model, name);
    }

    private void forget(String endpoint, ServableVersion version, Role role) {
        metrics.forget(endpoint, version.modelId(), version.version().toString(), role.label());
    }
}
