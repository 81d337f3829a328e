package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a rollout was asked to do; it never changes.
 *
 * @param steps the candidate's shares in basis points, ascending; the last is the whole
 * @param minDwell least time in each step
 * @param minSamples least requests that the candidate answered in each step
 * @param gates one for each step
 * @param bake time at the last step, at least {@code minDwell}
 * @param holdback the active version's share in basis points during the last step: without one nothing is compared
 *     there
 * @param rollback the limit on errors that rolls back
 * @param halt the limit on errors that holds
 * @param latency empty when latency is not compared
 * @param promotion the margin in points, and alpha, of the gate {@link Gate#NON_INFERIOR}
 * @param stepTimeout how long a step may stay undecided
 * @param evidenceDeadline a request without an outcome after this counts as bad
 * @param incidentRate the active version's own error rate, a fraction, at which nothing is decided any more
 */
public record RolloutPlan(
        StrategyKind strategy,
        List<Integer> steps,
        Duration minDwell,
        long minSamples,
        List<Gate> gates,
        Duration bake,
        int holdback,
        Limit rollback,
        Limit halt,
        Optional<LatencyGuard> latency,
        OnHalt onHalt,
        OnInconclusive onInconclusive,
        Limit promotion,
        Duration stepTimeout,
        Duration evidenceDeadline,
        double incidentRate) {

    public RolloutPlan {
        steps = List.copyOf(steps);
        gates = List.copyOf(gates);
    }

    public int lastStep() {
        return steps.size() - 1;
    }

    /** The candidate's weight in a step, in basis points. */
    public int weight(int step) {
        return step == lastStep() ? Route.WHOLE - holdback : steps.get(step);
    }

    /** The least time in a step. */
    public Duration dwell(int step) {
        return step == lastStep() && bake.compareTo(minDwell) > 0 ? bake : minDwell;
    }

    /** The most by which the false-alarm probabilities of the limits that roll back can add up (Bonferroni). */
    public double rollbackAlpha() {
        double sum = rollback.alpha()
                + latency.flatMap(LatencyGuard::rollback).map(Limit::alpha).orElse(0.0);
        return onHalt == OnHalt.ROLLBACK ? sum + haltAlpha() : sum;
    }

    /** The same of the limits that hold. */
    public double haltAlpha() {
        return halt.alpha() + latency.map(LatencyGuard::halt).map(Limit::alpha).orElse(0.0);
    }
}
