package io.modelward.gateway.route;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.route.ArmRole;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot.OnTrial;
import io.modelward.gateway.route.EndpointSnapshot.ServingArm;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which series exist for an endpoint: those of what serves it and of what served before, and those of its last
 * candidate, so that a rollout can be looked at after its end. Others go; else each move would leave some for good.
 */
public final class ArmMetrics {

    private final ServingMetrics metrics;
    /** The last candidates of each endpoint; guarded by the route table's lock, as are all calls but {@link #arm}. */
    private final Map<String, List<ServableVersion>> candidates = new HashMap<>();

    public ArmMetrics(ServingMetrics metrics) {
        this.metrics = metrics;
    }

    ServingMetrics.ArmHandle arm(String endpoint, LoadedModel model, ArmRole role) {
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
                snapshot.active().countedBy(arm(endpoint, snapshot.active().model(), ArmRole.ACTIVE)),
                snapshot.trial().map(onTrial -> counted(endpoint, onTrial)),
                snapshot.previous());
    }

    private OnTrial counted(String endpoint, OnTrial onTrial) {
        Map<ArmId, ServingArm> arms = new HashMap<>();
        onTrial.candidates()
                .forEach((id, arm) -> arms.put(id, arm.countedBy(arm(endpoint, arm.model(), ArmRole.CANDIDATE))));
        return new OnTrial(onTrial.split(), arms);
    }

    /** Drops the series of what only the snapshot that is gone had. */
    void forget(EndpointSnapshot gone, EndpointSnapshot stays) {
        Set<Which> kept = new HashSet<>();
        stays.held().forEach(version -> kept.add(Which.of(version)));
        for (ServableVersion version : gone.held()) {
            if (!kept.contains(Which.of(version))) {
                forget(gone.endpoint(), version, ArmRole.ACTIVE);
            }
        }
        if (stays.trial().isPresent()) {
            List<ServableVersion> now = stays.candidates().stream()
                    .map(arm -> arm.model().version())
                    .toList();
            Set<Which> stay = now.stream().map(Which::of).collect(Collectors.toSet());
            candidates.getOrDefault(stays.endpoint(), List.of()).stream()
                    .filter(last -> !stay.contains(Which.of(last)))
                    .forEach(last -> forget(stays.endpoint(), last, ArmRole.CANDIDATE));
            candidates.put(stays.endpoint(), now);
        }
    }

    /** Drops all series of a snapshot that nothing follows. */
    void forget(EndpointSnapshot gone) {
        gone.held().forEach(version -> forget(gone.endpoint(), version, ArmRole.ACTIVE));
        List<ServableVersion> last = candidates.remove(gone.endpoint());
        if (last != null) {
            last.forEach(candidate -> forget(gone.endpoint(), candidate, ArmRole.CANDIDATE));
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

    private void forget(String endpoint, ServableVersion version, ArmRole role) {
        metrics.forget(endpoint, version.modelId(), version.version().toString(), role.label());
    }
}
