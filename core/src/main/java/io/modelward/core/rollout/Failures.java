package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;

/** What each version failed of its requests over some time. */
public record Failures(ArmCounts candidate, ArmCounts active) {

    public static final Failures NONE = new Failures(ArmCounts.NONE, ArmCounts.NONE);

    public Failures plus(Failures more) {
        return new Failures(candidate.plus(more.candidate), active.plus(more.active));
    }
}
