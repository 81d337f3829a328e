package io.modelward.core.rollout;

import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;

/**
 * The changes that a rollout can make, whichever strategy moves its traffic. Pure: the same rollout gives the same
 * answer. What makes a change follow is said by the {@link Strategy}, by people ({@link RolloutOrders}), and by what
 * happens to the candidate.
 */
public final class Transitions {

    private Transitions() {}

    /** The candidate cannot be loaded; it never had traffic. */
    public static Transition loadFailed(Rollout rollout, String why) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.LOAD_FAILED, Optional.empty(), why)),
                Optional.empty(),
                "load-failed");
    }

    /** The server died while the rollout was at work; what its last moments showed is not known. */
    public static Transition restarted(Rollout rollout) {
        return held(
                rollout,
                Hold.RESTARTED,
                "The server ended without warning while this rollout was at work. Up to an interval of its"
                        + " evidence is lost. Its split stays"
                        + " and the rollback limits act; look at it, then resume or abort.");
    }

    /** The candidate served and cannot be loaded any more. */
    public static Transition lost(Rollout rollout, String why) {
        return abort(rollout.with(rollout.progress()), why, "rollback");
    }

    /**
     * The candidate was deleted: a rollout that had traffic takes it away, one that had none is called off. That is
     * nobody's fault, so no version is put in quarantine. Empty when the rollout is over, or is being rolled back
     * already.
     */
    public static Optional<Transition> deleted(Rollout rollout, String why) {
        return switch (rollout.state()) {
            case QUEUED, LOADING ->
                Optional.of(new Transition(
                        rollout.with(rollout.progress().in(RolloutState.CANCELLED, Optional.empty(), why)),
                        Optional.empty(),
                        "cancel"));
            case RUNNING, HELD, BAKING -> Optional.of(abort(rollout, why, "abort"));
            default -> Optional.empty();
        };
    }

    static Transition promote(Rollout rollout, String words) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.PROMOTED, Optional.empty(), words)),
                Optional.of(Traffic.ALL),
                "promote");
    }

    static Transition held(Rollout rollout, Hold why, String words) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.HELD, Optional.of(why), words)),
                Optional.empty(),
                "hold");
    }

    static Transition release(Rollout rollout, String action, String words) {
        Hold from = rollout.progress().hold().orElseThrow();
        RolloutProgress released = rollout.progress().released(from);
        RolloutState state = rollout.stepState(released.step());
        return new Transition(rollout.with(released.in(state, Optional.empty(), words)), Optional.empty(), action);
    }

    static Transition abort(Rollout rollout, String words, String action) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.ABORTING, Optional.empty(), words)),
                Optional.of(Traffic.NONE),
                action);
    }

    /** No request can reach the candidate any more. */
    public static Transition rolledBack(Rollout rollout) {
        RolloutProgress progress = rollout.progress();
        return new Transition(
                rollout.with(progress.in(RolloutState.ROLLED_BACK, Optional.empty(), progress.reason())),
                Optional.empty(),
                "rolled-back");
    }
}
