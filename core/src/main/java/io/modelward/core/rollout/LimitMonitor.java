package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.LimitProcess;
import io.modelward.core.evidence.NonInferiority;
import io.modelward.core.evidence.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All evidence of one candidate of a rollout: one process for each limit, and one for non-inferiority. What the monitor
 * says is a pure function of the plan, the active version's error rate before, and the ticks that it was given, in
 * their order: fed the kept ticks again it says the same, bit for bit. One thread at a time.
 *
 * <p>Each tick multiplies with its own split; counts of steps with different splits are never added up before they are
 * compared, because a rate that moves while the split moves would then look like harm.
 *
 * <p>A rollout with several candidates has one monitor for each of them, over the same ticks.
 */
public final class LimitMonitor {

    /** @param rollback whether the limit rolls back; else it halts */
    private record Watched(Guardrail guardrail, boolean rollback, LimitProcess process) {

        Optional<Crossing> crossing() {
            return process.firstBreak()
                    .map(first -> new Crossing(
                            guardrail,
                            rollback,
                            process.limit(),
                            first.tick(),
                            first.logEvidence(),
                            first.candidate(),
                            first.active()));
        }
    }

    /** How far the evidence of one limit has come. */
    public record Reading(
            Guardrail guardrail,
            boolean rollback,
            Limit limit,
            double logGrid,
            double logRestart,
            boolean crossed,
            ArmCounts candidate,
            ArmCounts active) {}

    private final ArmId candidate;
    private final List<Watched> limits = new ArrayList<>();
    private final NonInferiority nonInferiority;
    private final double promotionAlpha;

    /** For the one candidate of a rollout. */
    public LimitMonitor(RolloutPlan plan, double errorPrior) {
        this(plan, errorPrior, ArmId.CANDIDATE);
    }

    /**
     * For one candidate.
     *
     * @param errorPrior the active version's error rate before the rollout; it affects power only, never validity
     */
    public LimitMonitor(RolloutPlan plan, double errorPrior, ArmId candidate) {
        this.candidate = candidate;
        watch(Guardrail.ERRORS, true, plan.rollback(), errorPrior);
        watch(Guardrail.ERRORS, false, plan.halt(), errorPrior);
        plan.latency().ifPresent(latency -> {
            double beyond = 1 - latency.quantile();
            latency.rollback().ifPresent(limit -> watch(Guardrail.LATENCY, true, limit, beyond));
            watch(Guardrail.LATENCY, false, latency.halt(), beyond);
        });
        nonInferiority = new NonInferiority(plan.promotion().margin().points(), errorPrior);
        promotionAlpha = plan.promotion().alpha();
    }

    private void watch(Guardrail guardrail, boolean rollback, Limit limit, double prior) {
        limits.add(new Watched(guardrail, rollback, LimitProcess.ofFailures(limit, prior)));
    }

    public void add(ScoredTick tick) {
        for (Watched one : limits) {
            tick.comparison(one.guardrail, candidate).ifPresent(counts -> one.process.add(tick.number(), counts));
        }
        tick.comparison(Guardrail.ERRORS, candidate).ifPresent(nonInferiority::add);
    }

    /** The limit that rolls back and was crossed first. */
    public Optional<Crossing> harm() {
        return first(true, Set.of());
    }

    /** The limit that halts and was crossed first, except those on {@code acknowledged} guardrails. */
    public Optional<Crossing> divergence(Set<Guardrail> acknowledged) {
        return first(false, acknowledged);
    }

    private Optional<Crossing> first(boolean rollback, Set<Guardrail> except) {
        return limits.stream()
                .filter(one -> one.rollback == rollback && !except.contains(one.guardrail))
                .flatMap(one -> one.crossing().stream())
                .min(Comparator.comparingLong(Crossing::tick));
    }

    /** Whether it is proven that the candidate is not worse by more than the plan's margin. */
    public boolean nonInferior() {
        return nonInferiority.proven(promotionAlpha);
    }

    /** What failed of all that was judged. */
    public FailureCounts errors() {
        return limits.stream()
                .filter(one -> one.guardrail == Guardrail.ERRORS)
                .map(one -> one.process.evidence())
                .map(evidence -> new FailureCounts(evidence.candidate(), evidence.active()))
                .findFirst()
                .orElse(FailureCounts.NONE);
    }

    public List<Reading> readings() {
        return limits.stream()
                .map(one -> new Reading(
                        one.guardrail,
                        one.rollback,
                        one.process.limit(),
                        one.process.evidence().logGrid(),
                        one.process.evidence().logRestart(),
                        one.process.verdict() == Verdict.HARM,
                        one.process.evidence().candidate(),
                        one.process.evidence().active()))
                .toList();
    }
}
