package io.modelward.core.rollout;

import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;

/**
 * What a rollout does by itself. Pure: the same rollout and observation give the same answer.
 *
 * <p>It may raise the candidate's share only when every condition of the step is met, and past a person's decision it may only hold or
 * decrease: what a person held, only a person lets go on. Without evidence it neither blames nor promotes.
 */
public final class RolloutRules {

    private RolloutRules() {}

    /** The candidate is loaded and warm: the first step begins. */
    public static Transition begin(Rollout rollout) {
        return enter(rollout, 0, "begin", RolloutWords.entered(rollout.plan(), 0));
    }

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
                "The server ended without warning while this rollout was at work. Up to an interval of its evidence is lost. Its split stays"
                        + " and the rollback limits act; look at it, then resume or abort.");
    }

    /** The candidate served and cannot be loaded any more. */
    public static Transition lost(Rollout rollout, String why) {
        return abort(rollout.with(rollout.progress()), why, "rollback");
    }

    /**
     * The candidate was deleted: a rollout that had traffic takes it away, one that had none is called off. That is nobody's fault, so no
     * version is put in quarantine. Empty when the rollout is over, or is being rolled back already.
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

    /** Whether what {@link #next} answers takes the candidate's traffic away because of its harm. Told apart because it is quick: words take their time. */
    public static boolean takesTraffic(Rollout rollout, Observation seen) {
        boolean haltRollsBack = rollout.plan().onHalt() == OnHalt.ROLLBACK && rollout.state() != RolloutState.HELD;
        return seen.harm().isPresent() || (haltRollsBack && seen.divergence().isPresent());
    }

    /** What happens now; empty: nothing. For a rollout that is {@link RolloutState#serving}. */
    public static Optional<Transition> next(Rollout rollout, Observation seen) {
        if (seen.harm().isPresent()) {
            Crossing crossing = seen.harm().get();
            return Optional.of(abort(
                    rollout.with(rollout.progress().withVerdict(crossing)),
                    RolloutWords.crossed(rollout, crossing),
                    "rollback"));
        }
        if (rollout.state() == RolloutState.HELD) {
            return rollout.progress().hold().equals(Optional.of(Hold.NO_TRAFFIC))
                            && rollout.progress().samples() > 0
                    ? Optional.of(release(rollout, "resume", "The candidate gets requests again."))
                    : Optional.empty();
        }
        return unheld(rollout, seen);
    }

    private static Optional<Transition> unheld(Rollout rollout, Observation seen) {
        RolloutPlan plan = rollout.plan();
        if (seen.divergence().isPresent()) {
            Crossing crossing = seen.divergence().get();
            Rollout judged = rollout.with(rollout.progress().withVerdict(crossing));
            String words = RolloutWords.crossed(rollout, crossing);
            return Optional.of(
                    plan.onHalt() == OnHalt.ROLLBACK
                            ? abort(judged, words, "rollback")
                            : held(judged, Hold.of(crossing.guardrail()), words));
        }
        Optional<Failures> incident = seen.lately().filter(lately -> isIncident(rollout, lately));
        if (incident.isPresent()) {
            return Optional.of(
                    held(rollout, Hold.SHARED_INCIDENT, RolloutWords.incident(rollout, incident.get(), seen.inAll())));
        }
        return stepped(rollout, seen);
    }

    /** A person who went on knows that the active version fails. What they do not know is that the candidate fails as well. */
    private static boolean isIncident(Rollout rollout, Failures lately) {
        double limit = rollout.plan().incidentRate();
        boolean known = rollout.progress().incidentAccepted() && lately.candidateRate() < limit;
        return lately.activeRate() >= limit && !known;
    }

    private static Optional<Transition> stepped(Rollout rollout, Observation seen) {
        RolloutPlan plan = rollout.plan();
        Progress progress = rollout.progress();
        int step = progress.step();
        boolean dwelt = progress.dwellMillis() >= plan.dwell(step).toMillis();
        // Also a plan that wants no requests needs one: without any there is nothing to go by.
        boolean sampled = progress.samples() >= Math.max(1, plan.minSamples());
        Gate gate = plan.gates().get(step);
        if (dwelt && sampled && seen.ready()) {
            if (gate == Gate.NO_HARM
                    || (gate == Gate.NON_INFERIOR && seen.nonInferior())
                    || (gate == Gate.APPROVAL && progress.approved() >= step)) {
                return Optional.of(advance(rollout, RolloutWords.passed(rollout)));
            }
            if (gate == Gate.APPROVAL) {
                return Optional.of(held(
                        rollout,
                        Hold.APPROVAL,
                        "Time and traffic of this step are enough; it waits for a person to resume it."));
            }
        }
        long waited = progress.dwellMillis() - progress.patience();
        if (progress.samples() == 0 && waited >= Math.max(1000, plan.minDwell().toMillis())) {
            return Optional.of(held(
                    rollout,
                    Hold.NO_TRAFFIC,
                    "The candidate got no requests, so nothing can be decided. It goes on by itself when they come."));
        }
        // Going on without evidence is for a plan to say; going on to a version that cannot answer is not.
        boolean mayAct = plan.onInconclusive() != OnInconclusive.PROMOTE || seen.ready();
        if (waited >= plan.stepTimeout().toMillis() && mayAct) {
            return Optional.of(inconclusive(rollout));
        }
        return Optional.empty();
    }

    private static Transition inconclusive(Rollout rollout) {
        String words = RolloutWords.inconclusive(rollout);
        return switch (rollout.plan().onInconclusive()) {
            case HOLD -> held(rollout, Hold.INCONCLUSIVE, words);
            case ROLLBACK -> abort(rollout, words + " The plan says: roll back.", "rollback");
            case PROMOTE -> advance(rollout, words + " It goes on without evidence, as the plan says.");
        };
    }

    private static Transition advance(Rollout rollout, String words) {
        int step = rollout.progress().step();
        return step == rollout.plan().lastStep()
                ? promote(rollout, words)
                : enter(rollout, step + 1, "advance", words + " " + RolloutWords.entered(rollout.plan(), step + 1));
    }

    static Transition promote(Rollout rollout, String words) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.PROMOTED, Optional.empty(), words)),
                Optional.of(Traffic.ALL),
                "promote");
    }

    private static Transition enter(Rollout rollout, int step, String action, String words) {
        Rollout entered = rollout.with(rollout.progress().at(step, rollout.stepState(step), words));
        return new Transition(entered, Optional.of(Traffic.SHARE), action);
    }

    static Transition held(Rollout rollout, Hold why, String words) {
        return new Transition(
                rollout.with(rollout.progress().in(RolloutState.HELD, Optional.of(why), words)),
                Optional.empty(),
                "hold");
    }

    static Transition release(Rollout rollout, String action, String words) {
        Hold from = rollout.progress().hold().orElseThrow();
        Progress released = rollout.progress().released(from);
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
        Progress progress = rollout.progress();
        return new Transition(
                rollout.with(progress.in(RolloutState.ROLLED_BACK, Optional.empty(), progress.reason())),
                Optional.empty(),
                "rolled-back");
    }
}
