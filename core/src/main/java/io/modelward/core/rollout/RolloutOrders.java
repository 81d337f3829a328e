package io.modelward.core.rollout;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;

/**
 * What people tell a rollout to do. Each answers empty when it is so already, so that asking again is harmless, and a
 * CONFLICT when the rollout is elsewhere. {@code who} is the person and their reason, in words.
 */
public final class RolloutOrders {

    private RolloutOrders() {}

    /** Stops it in its step, with the split it has. */
    public static Optional<Transition> hold(Rollout rollout, String who) {
        if (rollout.progress().hold().equals(Optional.of(Hold.MANUAL))) {
            return Optional.empty();
        }
        requireServing(rollout, "held");
        return Optional.of(Transitions.held(rollout, Hold.MANUAL, "Held by " + who));
    }

    /** Lets it go on; of a limit that held it, this acknowledges the divergence. */
    public static Optional<Transition> resume(Rollout rollout, String who) {
        if (rollout.state() == RolloutState.RUNNING || rollout.state() == RolloutState.BAKING) {
            return Optional.empty();
        }
        requireServing(rollout, "resumed");
        String from = rollout.progress().hold().orElseThrow().label();
        return Optional.of(Transitions.release(rollout, "resume", "Resumed from being held (" + from + ") by " + who));
    }

    /** Gives the candidate all traffic at once, whatever the evidence says so far. */
    public static Optional<Transition> promote(Rollout rollout, String who) {
        if (rollout.state() == RolloutState.PROMOTED) {
            return Optional.empty();
        }
        requireServing(rollout, "promoted");
        return Optional.of(Transitions.promote(
                rollout, "Promoted in " + RolloutWords.place(rollout) + ", without waiting for the plan, by " + who));
    }

    /** Takes the candidate's traffic back, or calls the rollout off before it had any. */
    public static Optional<Transition> abort(Rollout rollout, String who) {
        return switch (rollout.state()) {
            case CANCELLED, ABORTING, ROLLED_BACK -> Optional.empty();
            case QUEUED, LOADING ->
                Optional.of(new Transition(
                        rollout.with(rollout.progress()
                                .in(
                                        RolloutState.CANCELLED,
                                        Optional.empty(),
                                        "Called off before it had traffic by " + who)),
                        Optional.empty(),
                        "cancel"));
            case RUNNING, HELD, BAKING ->
                Optional.of(Transitions.abort(
                        rollout, "Aborted in " + RolloutWords.place(rollout) + " by " + who, "abort"));
            default -> throw elsewhere(rollout, "aborted");
        };
    }

    /** Makes room for another rollout of the endpoint. */
    public static Transition supersede(Rollout rollout, String by) {
        return new Transition(
                rollout.with(rollout.progress()
                        .in(RolloutState.SUPERSEDED, Optional.empty(), "Superseded by rollout " + by + ".")),
                rollout.state().serving() ? Optional.of(Traffic.NONE) : Optional.empty(),
                "supersede");
    }

    private static void requireServing(Rollout rollout, String done) {
        if (!rollout.state().serving()) {
            throw elsewhere(rollout, done);
        }
    }

    private static ProblemException elsewhere(Rollout rollout, String done) {
        return io.modelward.core.problem.Problem.of(
                        io.modelward.core.problem.ProblemType.CONFLICT,
                        "This rollout is " + rollout.state() + " and cannot be " + done + ".")
                .with("state", rollout.state().name())
                .exception();
    }
}
