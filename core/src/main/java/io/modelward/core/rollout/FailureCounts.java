package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;

/** What each version failed of its requests over some time. */
public record FailureCounts(ArmCounts candidate, ArmCounts active) {

    public static final FailureCounts NONE = new FailureCounts(ArmCounts.NONE, ArmCounts.NONE);

    public FailureCounts plus(FailureCounts more) {
        return new FailureCounts(candidate.plus(more.candidate), active.plus(more.active));
    }
}
