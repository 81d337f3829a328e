package io.modelward.core.rollout;

import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;

/**
 * How the traffic of a rollout moves by itself. Pure: the same rollout and observation give the same answer, so that a
 * replay decides as the rollout did. A strategy keeps no state; the state of a rollout is in its {@link
 * RolloutProgress}.
 */
public interface Strategy {

    /** The candidate is loaded and warm, and gets its first traffic. */
    Transition begin(Rollout rollout);

    /**
     * Whether the answer of {@link #next} takes the candidate's traffic away because of its harm. This is a question of
     * its own because it is quick to answer: the words of a transition take their time.
     */
    boolean takesTraffic(Rollout rollout, Observation seen);

    /** What happens now; empty: nothing. For a rollout that is {@link RolloutState#serving}. */
    Optional<Transition> next(Rollout rollout, Observation seen);

    /** The one that the plan asks for. */
    static Strategy of(RolloutPlan plan) {
        return switch (plan.strategy()) {
            case CANARY, BLUE_GREEN -> StepStrategy.INSTANCE;
        };
    }
}
