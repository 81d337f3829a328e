package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.LimitProcess;
import io.modelward.core.evidence.NonInferiority;
import io.modelward.core.evidence.Tick;
import io.modelward.core.evidence.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All evidence processes of one rollout. What it says is a pure function of the plan, the active version's error rate before, and the
 * ticks it was given, in their order: fed the persisted ticks again it says the same, bit for bit. One thread at a time.
 *
 * <p>Each tick multiplies with its own split; counts of steps with different splits are never added up before they are compared, because
 * a rate that moves while the split moves would then look like harm.
 */
public final class Judge {

    private static final class Watch {
        private final Guardrail guardrail;
        private final boolean rollback;
        private final Limit limit;
        private final LimitProcess process;
        private Optional<Crossing> crossing = Optional.empty();

        private Watch(Guardrail guardrail, boolean rollback, Limit limit, double prior) {
            this.guardrail = guardrail;
            this.rollback = rollback;
            this.limit = limit;
            this.process = new LimitProcess(limit, prior);
        }

        private void add(long number, Tick tick) {
            process.add(tick);
            // Many requests of one arm and none of the other are evidence in themselves, within alpha; but nobody is
            // blamed
            // for what nobody saw.
            boolean seen = process.evidence().canaryBad() > 0;
            if (crossing.isEmpty() && seen && Verdict.of(process.evidence(), limit) == Verdict.HARM) {
                crossing = Optional.of(new Crossing(
                        guardrail,
                        rollback,
                        limit,
                        number,
                        process.evidence().logRestart(),
                        process.evidence().canaryRequests(),
                        process.evidence().canaryBad(),
                        process.evidence().activeRequests(),
                        process.evidence().activeBad()));
            }
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
            long canaryRequests,
            long canaryBad,
            long activeRequests,
            long activeBad) {}

    private final List<Watch> watches = new ArrayList<>();
    private final NonInferiority nonInferiority;
    private final double promotionAlpha;

    /** @param errorPrior the active version's error rate before the rollout; it affects power only, never validity */
    public Judge(RolloutPlan plan, double errorPrior) {
        watches.add(new Watch(Guardrail.ERRORS, true, plan.rollback(), errorPrior));
        watches.add(new Watch(Guardrail.ERRORS, false, plan.halt(), errorPrior));
        plan.latency().ifPresent(latency -> {
            double beyond = 1 - latency.quantile();
            latency.rollback().ifPresent(limit -> watches.add(new Watch(Guardrail.LATENCY, true, limit, beyond)));
            watches.add(new Watch(Guardrail.LATENCY, false, latency.halt(), beyond));
        });
        nonInferiority = new NonInferiority(plan.promotion().margin().points(), errorPrior);
        promotionAlpha = plan.promotion().alpha();
    }

    public void add(ScoredTick tick) {
        for (Watch watch : watches) {
            if (watch.guardrail == Guardrail.ERRORS) {
                watch.add(tick.number(), tick.errors());
            } else {
                tick.latency().ifPresent(latency -> watch.add(tick.number(), latency));
            }
        }
        nonInferiority.add(tick.errors());
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
        return watches.stream()
                .filter(watch -> watch.rollback == rollback && !except.contains(watch.guardrail))
                .flatMap(watch -> watch.crossing.stream())
                .min(java.util.Comparator.comparingLong(Crossing::tick));
    }

    /** Whether it is proven that the candidate is not worse by more than the plan's margin. */
    public boolean nonInferior() {
        return nonInferiority.proven(promotionAlpha);
    }

    /** What failed of all that was judged. */
    public Failures errors() {
        return watches.stream()
                .filter(watch -> watch.guardrail == Guardrail.ERRORS)
                .map(watch -> watch.process.evidence())
                .map(evidence -> new Failures(
                        evidence.canaryRequests(),
                        evidence.canaryBad(),
                        evidence.activeRequests(),
                        evidence.activeBad()))
                .findFirst()
                .orElse(Failures.NONE);
    }

    public List<Reading> readings() {
        return watches.stream()
                .map(watch -> new Reading(
                        watch.guardrail,
                        watch.rollback,
                        watch.limit,
                        watch.process.evidence().logGrid(),
                        watch.process.evidence().logRestart(),
                        watch.crossing.isPresent(),
                        watch.process.evidence().canaryRequests(),
                        watch.process.evidence().canaryBad(),
                        watch.process.evidence().activeRequests(),
                        watch.process.evidence().activeBad()))
                .toList();
    }
}
