package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Tick;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The requests admitted within one interval under one route revision, with their outcomes: the counters of each
 * guardrail and arm.
 *
 * @param number 1, 2, 3 … per rollout; intervals without requests have none
 * @param splits for each candidate the chance of a request to be that candidate's, of those that are the candidate's or
 *     the active arm's
 * @param counts by guardrail and arm; without {@link Guardrail#LATENCY} while the threshold of latency is not frozen
 *     yet
 */
public record ScoredTick(
        long number, long revision, Map<ArmId, Double> splits, Map<Guardrail, Map<ArmId, ArmCounts>> counts) {

    public ScoredTick {
        splits = Map.copyOf(splits);
        Map<Guardrail, Map<ArmId, ArmCounts>> copy = new EnumMap<>(Guardrail.class);
        counts.forEach((guardrail, arms) -> copy.put(guardrail, Map.copyOf(arms)));
        counts = Map.copyOf(copy);
    }

    /** A tick of the one candidate and the active arm. Both comparisons have one split. */
    public static ScoredTick of(long number, long revision, Tick errors, Optional<Tick> latency) {
        Map<Guardrail, Map<ArmId, ArmCounts>> counts = new EnumMap<>(Guardrail.class);
        counts.put(Guardrail.ERRORS, arms(errors));
        latency.ifPresent(tick -> counts.put(Guardrail.LATENCY, arms(tick)));
        return new ScoredTick(number, revision, Map.of(ArmId.CANDIDATE, errors.split()), counts);
    }

    private static Map<ArmId, ArmCounts> arms(Tick tick) {
        return Map.of(ArmId.CANDIDATE, tick.candidate(), ArmId.ACTIVE, tick.active());
    }

    /**
     * A candidate beside the active arm; empty when the guardrail was not counted, or the arm is no candidate of this
     * tick.
     */
    public Optional<Tick> comparison(Guardrail guardrail, ArmId candidate) {
        Double split = splits.get(candidate);
        Map<ArmId, ArmCounts> arms = counts.get(guardrail);
        return split == null || arms == null
                ? Optional.empty()
                : Optional.of(new Tick(split, of(arms, candidate), of(arms, ArmId.ACTIVE)));
    }

    /** What was counted of one arm; nothing when the guardrail was not counted, or there was no such arm. */
    public ArmCounts counts(Guardrail guardrail, ArmId arm) {
        return of(counts.getOrDefault(guardrail, Map.of()), arm);
    }

    private static ArmCounts of(Map<ArmId, ArmCounts> arms, ArmId arm) {
        return arms.getOrDefault(arm, ArmCounts.NONE);
    }
}
