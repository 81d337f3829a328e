package io.modelward.gateway.rollout;

import io.modelward.core.rollout.Rollout;
import io.modelward.core.route.Role;
import io.modelward.core.route.Route;
import io.modelward.gateway.evidence.Trial;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.EndpointSnapshot.OnTrial;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.route.ServingArm;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Brings route revisions of rollouts before the requests. */
final class CandidateRoutes {

    private final RouteTable table;

    CandidateRoutes(RouteTable table) {
        this.table = table;
    }

    EndpointSnapshot current(Rollout rollout) {
        return Objects.requireNonNull(table.get(rollout.endpoint()));
    }

    /**
     * From here on no request reaches the candidate in this process, and those that wait for it are answered by the active version.
     *
     * @param since when it was known that this must be done; the time from then on is noted
     */
    void withdraw(LiveRollout one, long since, LongSupplier nanos) {
        if (!one.published) {
            return;
        }
        Optional<Trial> trial = table.withdraw(one.rollout.endpoint()).map(OnTrial::trial);
        one.evidence.end(nanos.getAsLong());
        one.published = false;
        one.withdrawnMicros = OptionalLong.of((nanos.getAsLong() - since) / 1000);
        trial.ifPresent(Trial::redirect);
    }

    /** Publishes the revision that was committed. */
    void publish(LiveRollout one, RolloutCommits.Committed committed, long now) {
        Route route = committed.route().orElseThrow();
        int number = committed.endpoint().orElseThrow().number();
        Optional<Integer> weight = route.arms().stream()
                .filter(arm -> arm.role() == Role.CANARY)
                .map(io.modelward.core.route.Arm::weight)
                .findFirst();
        if (weight.isPresent() && one.withdrawnMicros.isPresent()) {
            // Harm was proven while the share was written down. The next tick writes down that the traffic is away.
            return;
        }
        if (weight.isPresent()) {
            share(one, number, route, weight.get(), now);
            return;
        }
        EndpointSnapshot before = current(one.rollout);
        boolean promoted = route.active().serves(one.rollout.candidate());
        ServingArm active = promoted
                ? table.arm(route.endpoint(), Objects.requireNonNull(one.candidate), Role.ACTIVE)
                : before.active();
        table.publish(new EndpointSnapshot(
                number,
                route,
                before.contract(),
                active,
                Optional.empty(),
                promoted ? Optional.of(before.active().model()) : before.previous()));
        one.evidence.end(now);
        one.published = false;
    }

    /** Gives the candidate its share: requests find the new trial before the old one ends. */
    void share(LiveRollout one, int number, Route route, int weight, long now) {
        EndpointSnapshot before = current(one.rollout);
        ServingArm candidate = table.arm(route.endpoint(), Objects.requireNonNull(one.candidate), Role.CANARY);
        Trial trial = one.evidence.prepare(route.revision(), weight);
        table.publish(new EndpointSnapshot(
                number,
                route,
                before.contract(),
                before.active(),
                Optional.of(new OnTrial(candidate, trial)),
                before.previous()));
        one.evidence.switchTo(trial, now);
        one.serves(now);
    }
}
