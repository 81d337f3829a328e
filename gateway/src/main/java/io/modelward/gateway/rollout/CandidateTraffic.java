package io.modelward.gateway.rollout;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.rollout.LatencyGuard;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Route;
import io.modelward.gateway.evidence.EvidenceCollector;
import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.evidence.TrafficSplit;
import io.modelward.gateway.evidence.TrafficSplit.Share;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.EndpointSnapshot.OnTrial;
import io.modelward.gateway.route.EndpointSnapshot.ServingArm;
import io.modelward.gateway.route.RouteTable;
import io.modelward.runtime.ModelInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The candidate of one rollout before the requests of its endpoint: gives it its share, and takes the share away. It
 * belongs to one {@link RolloutActor}, whose lock guards it; nothing here waits, but for {@link #load}.
 */
final class CandidateTraffic {

    private static final long SETTLING_NANOS = 1_000_000_000;

    private final ModelPool pool;
    private final RouteTable table;
    private final EvidenceCollector evidence;
    private final LongSupplier nanos;
    private final Executor redirects;
    /** In whose name the model is held. */
    private final Object holder = new Object();

    private @Nullable LoadedModel candidate;
    /** Whether requests can reach the candidate. */
    private boolean published;

    private long servingSince;
    /**
     * How long it took to take its traffic away for good, perhaps ahead of the catalog; empty while it may have
     * traffic.
     */
    private OptionalLong withdrawnMicros = OptionalLong.empty();

    /**
     * @param nanos the monotonic clock
     * @param redirects asks the active version instead of a candidate that was taken away; whoever waits for the answer
     *     goes on there
     */
    CandidateTraffic(
            ModelPool pool, RouteTable table, EvidenceCollector evidence, LongSupplier nanos, Executor redirects) {
        this.pool = pool;
        this.table = table;
        this.evidence = evidence;
        this.nanos = nanos;
        this.redirects = redirects;
    }

    /** Begins to load the version. This may wait, and touches nothing that the lock guards. */
    LoadedModel load(ServableVersion version) {
        return pool.load(holder, version);
    }

    void loading(LoadedModel model) {
        candidate = model;
    }

    Optional<LoadedModel> candidate() {
        return Optional.ofNullable(candidate);
    }

    boolean published() {
        return published;
    }

    boolean withdrawn() {
        return withdrawnMicros.isPresent();
    }

    /** Whether requests can reach the candidate, and it is loaded and warm. */
    boolean ready() {
        return published && candidate != null && candidate.running().info().state() == ModelInfo.State.READY;
    }

    private EndpointSnapshot current(Rollout rollout) {
        return Objects.requireNonNull(table.get(rollout.endpoint()));
    }

    /**
     * From here on no request reaches the candidate in this process, and those that wait for it are answered by the
     * active version.
     *
     * @param since when it was known that this must be done; the time from then on is noted
     */
    void withdraw(Rollout rollout, long since) {
        if (!published) {
            return;
        }
        Optional<TrafficSplit> split = table.withdraw(rollout.endpoint()).map(OnTrial::split);
        evidence.end(nanos.getAsLong());
        published = false;
        withdrawnMicros = OptionalLong.of((nanos.getAsLong() - since) / 1000);
        split.ifPresent(one -> redirects.execute(one::redirect));
    }

    /** The transition with the time that it took to take the traffic away, if that was done. */
    Transition timed(Transition transition) {
        if (withdrawnMicros.isEmpty()) {
            return transition;
        }
        Rollout after = transition.rollout();
        return new Transition(
                after.with(after.progress().withWithdrawn(withdrawnMicros.getAsLong())),
                transition.route(),
                transition.action());
    }

    /** Publishes the revision that was committed. Answers whether the candidate begins to have traffic. */
    boolean publish(Rollout rollout, Route route, int number, long now) {
        Optional<Integer> weight = route.arms().stream()
                .filter(arm -> arm.role() == ArmRole.CANDIDATE)
                .map(Arm::weight)
                .findFirst();
        if (weight.isPresent()) {
            // Harm may have been proven while the share was written down. Then the next look writes down that the
            // traffic is away.
            return !withdrawn() && share(rollout, number, route, weight.get(), now);
        }
        EndpointSnapshot before = current(rollout);
        boolean promoted = route.active().serves(rollout.candidate());
        ServingArm active = promoted
                ? table.arm(route.endpoint(), Objects.requireNonNull(candidate), ArmRole.ACTIVE)
                : before.active();
        table.publish(new EndpointSnapshot(
                number,
                route,
                before.contract(),
                active,
                Optional.empty(),
                promoted ? Optional.of(before.active().model()) : before.previous()));
        evidence.end(now);
        published = false;
        return false;
    }

    /**
     * After a restart: the share of its step, under the revision that is in force. Answers whether the candidate begins
     * to have traffic.
     */
    boolean shareAgain(Rollout rollout, long now) {
        EndpointSnapshot current = current(rollout);
        int weight = rollout.plan().weight(rollout.progress().step());
        return share(rollout, current.number(), current.route(), weight, now);
    }

    /** Requests find the new split before the old one ends. */
    private boolean share(Rollout rollout, int number, Route route, int weight, long now) {
        EndpointSnapshot before = current(rollout);
        ServingArm arm = table.arm(route.endpoint(), Objects.requireNonNull(candidate), ArmRole.CANDIDATE);
        TrafficSplit split = evidence.prepare(route.revision(), List.of(new Share(ArmId.CANDIDATE, weight)));
        table.publish(new EndpointSnapshot(
                number,
                route,
                before.contract(),
                before.active(),
                Optional.of(new OnTrial(split, Map.of(ArmId.CANDIDATE, arm))),
                before.previous()));
        evidence.switchTo(split, now);
        boolean begins = !published;
        if (begins) {
            published = true;
            servingSince = now;
        }
        return begins;
    }

    /** The rollout with what the candidate is compared with, as it was before. */
    Rollout measured(Rollout rollout) {
        RecentRequests recent = current(rollout).active().recent();
        return rollout.with(
                rollout.progress().withBaseline(recent.errorRate().orElse(0.0), threshold(rollout, recent)));
    }

    /**
     * Lets latency be compared from the next tick on, once the candidate has served for a moment: the first requests of
     * a process that was just started say how cold it was. The threshold is the one measured before the rollout; when
     * the active version had too few requests then, it is measured now. Neither depends on anything in the ticks that
     * are compared, so the test stays valid. Answers the rollout with the threshold.
     */
    Rollout compareLatency(Rollout rollout, long now) {
        boolean settled = published && now - servingSince >= SETTLING_NANOS;
        if (evidence.comparesLatency() || !settled) {
            return rollout;
        }
        RolloutProgress progress = rollout.progress();
        OptionalLong threshold = progress.threshold().isPresent()
                ? progress.threshold()
                : threshold(rollout, current(rollout).active().recent());
        if (threshold.isEmpty()) {
            return rollout;
        }
        evidence.freeze(threshold.getAsLong());
        return rollout.with(progress.withBaseline(progress.errorPrior(), threshold));
    }

    private static OptionalLong threshold(Rollout rollout, RecentRequests recent) {
        Optional<LatencyGuard> guard = rollout.plan().latency();
        if (guard.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong quantile = recent.latency(guard.get().quantile());
        return quantile.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(guard.get().threshold(quantile.getAsLong()));
    }

    /** The candidate is not needed for this rollout any more; the route may still hold it. */
    void end(long now) {
        evidence.end(now);
        pool.hold(holder, List.of());
    }
}
