package io.modelward.core.rollout;

import io.modelward.core.digest.Digest;
import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Rollouts and what is seen of them, for tests. */
final class Scenes {

    /** Two steps and a bake; each wants 10 s and 100 requests, and has a minute. */
    static final String PLAN = "'steps':[10,50,100],'min_dwell':'10s','min_samples':100,'step_timeout':'1m'";

    static final Observation CALM = new Observation(
            Optional.empty(), Optional.empty(), false, true, Optional.of(lately(0, 0.01)), FailureCounts.NONE);

    private Scenes() {}

    /** @param members of a plan's JSON object, with single quotes */
    static RolloutPlan plan(String members) {
        return PlanReader.read(Json.parse("{" + members.replace('\'', '"') + "}", "plan"));
    }

    static Rollout loading(String members) {
        return new Rollout(
                "r-1",
                "iris",
                subject("1.1.0"),
                subject("1.0.0"),
                plan(members),
                RolloutProgress.first(RolloutState.LOADING, "The candidate is being loaded."));
    }

    static VersionRef subject(String version) {
        return new VersionRef(
                new ModelId(1),
                ModelName.parse("iris"),
                SemVer.parse(version),
                Digest.of(version.getBytes(StandardCharsets.UTF_8)));
    }

    /** In its first step. */
    static Rollout running(String more) {
        return StepStrategy.INSTANCE.begin(loading(PLAN + more)).rollout();
    }

    /** In its last step. */
    static Rollout baking(String more) {
        Rollout rollout = running(more);
        return rollout.with(rollout.progress().at(rollout.plan().lastStep(), RolloutState.BAKING, ""));
    }

    static Rollout in(RolloutState state) {
        Rollout rollout = state == RolloutState.BAKING ? baking("") : running("");
        return rollout.with(rollout.progress().in(state, Optional.empty(), ""));
    }

    static Rollout held(Rollout rollout, Hold why) {
        return rollout.with(rollout.progress().in(RolloutState.HELD, Optional.of(why), ""));
    }

    /** After so much time and so many requests more. */
    static Rollout after(Rollout rollout, long millis, long samples) {
        return rollout.with(rollout.progress()
                .after(millis, millis, samples, rollout.progress().lastTick() + 1));
    }

    static Observation harm(RolloutPlan plan) {
        Crossing crossing = crossing(Guardrail.ERRORS, true, plan);
        return new Observation(
                Optional.of(crossing), Optional.empty(), false, true, Optional.empty(), FailureCounts.NONE);
    }

    static Observation divergence(Guardrail guardrail, RolloutPlan plan) {
        Crossing crossing = crossing(guardrail, false, plan);
        return new Observation(
                Optional.empty(), Optional.of(crossing), false, true, Optional.empty(), FailureCounts.NONE);
    }

    static Observation notReady() {
        return new Observation(Optional.empty(), Optional.empty(), true, false, Optional.empty(), FailureCounts.NONE);
    }

    static Observation nonInferior() {
        return new Observation(Optional.empty(), Optional.empty(), true, true, Optional.empty(), FailureCounts.NONE);
    }

    static Observation activeFails(double rate) {
        return fail(0, rate);
    }

    /** Both fail these shares of 1000 requests each. */
    static Observation fail(double candidate, double active) {
        return new Observation(
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.of(lately(candidate, active)),
                lately(candidate, active));
    }

    private static FailureCounts lately(double candidate, double active) {
        return failures(1000, Math.round(candidate * 1000), 1000, Math.round(active * 1000));
    }

    static FailureCounts failures(long candidate, long candidateBad, long active, long activeBad) {
        return new FailureCounts(new ArmCounts(candidate, candidateBad), new ArmCounts(active, activeBad));
    }

    private static Crossing crossing(Guardrail guardrail, boolean rollback, RolloutPlan plan) {
        return new Crossing(
                guardrail,
                rollback,
                rollback ? plan.rollback() : plan.halt(),
                7,
                5.5,
                new ArmCounts(40, 20),
                new ArmCounts(360, 4));
    }

    static ScoredTick tick(long number, long canary, long canaryBad, long active, long activeBad) {
        return ScoredTick.of(number, 1, Tick.of(0.5, canary, canaryBad, active, activeBad), Optional.empty());
    }

    static Tick errors(ScoredTick tick) {
        return tick.comparison(Guardrail.ERRORS, ArmId.CANDIDATE).orElseThrow();
    }

    static ScoredTick withLatency(ScoredTick tick, long canarySlow, long activeSlow) {
        Tick errors = errors(tick);
        return ScoredTick.of(
                tick.number(),
                tick.revision(),
                errors,
                Optional.of(Tick.of(
                        errors.split(),
                        errors.candidate().requests(),
                        canarySlow,
                        errors.active().requests(),
                        activeSlow)));
    }

    /** Adds ticks that a maker makes by their number until something is so; the number of the last. */
    static long until(LimitMonitor monitor, java.util.function.LongFunction<ScoredTick> maker, BooleanSupplier so) {
        for (long number = 1; number <= 1000; number++) {
            monitor.add(maker.apply(number));
            if (so.getAsBoolean()) {
                return number;
            }
        }
        throw new AssertionError("not so after 1000 ticks");
    }
}
