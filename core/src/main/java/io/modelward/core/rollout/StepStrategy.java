package io.modelward.core.rollout;

import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import java.util.Optional;

/**
 * Moves the traffic in the steps of the plan, each after its evidence; a blue-green rollout has one step. A strategy
 * raises the candidate's share only when every condition of the step is met, and past a person's decision it may only
 * hold or decrease: a rollout that a person held goes on only by a person. Without evidence the strategy neither blames
 * nor promotes.
 */
final class StepStrategy implements Strategy {

    static final StepStrategy INSTANCE = new StepStrategy();

    private StepStrategy() {}

    @Override
    public Transition begin(Rollout rollout) {
        return enter(rollout, 0, "begin", RolloutWords.entered(rollout.plan(), 0));
    }

    @Override
    public boolean takesTraffic(Rollout rollout, Observation seen) {
        boolean haltRollsBack = rollout.plan().onHalt() == OnHalt.ROLLBACK && rollout.state() != RolloutState.HELD;
        return seen.harm().isPresent() || (haltRollsBack && seen.divergence().isPresent());
    }

    @Override
    public Optional<Transition> next(Rollout rollout, Observation seen) {
        if (seen.harm().isPresent()) {
            Crossing crossing = seen.harm().get();
            return Optional.of(Transitions.abort(
                    rollout.with(rollout.progress().withVerdict(crossing)),
                    RolloutWords.crossed(rollout, crossing),
                    "rollback"));
        }
        if (rollout.state() == RolloutState.HELD) {
            return rollout.progress().hold().equals(Optional.of(Hold.NO_TRAFFIC))
                            && rollout.progress().samples() > 0
                    ? Optional.of(Transitions.release(rollout, "resume", "The candidate gets requests again."))
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
                            ? Transitions.abort(judged, words, "rollback")
                            : Transitions.held(judged, Hold.of(crossing.guardrail()), words));
        }
        Optional<FailureCounts> incident = seen.lately().filter(lately -> isIncident(rollout, lately));
        if (incident.isPresent()) {
            return Optional.of(Transitions.held(
                    rollout, Hold.SHARED_INCIDENT, RolloutWords.incident(rollout, incident.get(), seen.inAll())));
        }
        return stepped(rollout, seen);
    }

    /**
     * A person who went on knows that the active version fails. What they do not know is that the candidate fails as
     * well.
     */
    private static boolean isIncident(Rollout rollout, FailureCounts lately) {
        double limit = rollout.plan().incidentRate();
        boolean known =
                rollout.progress().incidentAccepted() && lately.candidate().rate() < limit;
        return lately.active().rate() >= limit && !known;
    }

    private static Optional<Transition> stepped(Rollout rollout, Observation seen) {
        RolloutPlan plan = rollout.plan();
        RolloutProgress progress = rollout.progress();
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
                return Optional.of(Transitions.held(
                        rollout,
                        Hold.APPROVAL,
                        "Time and traffic of this step are enough; it waits for a person to resume it."));
            }
        }
        long waited = progress.dwellMillis() - progress.patience();
        if (progress.samples() == 0 && waited >= Math.max(1000, plan.minDwell().toMillis())) {
            return Optional.of(Transitions.held(
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
            case HOLD -> Transitions.held(rollout, Hold.INCONCLUSIVE, words);
            case ROLLBACK -> Transitions.abort(rollout, words + " The plan says: roll back.", "rollback");
            case PROMOTE -> advance(rollout, words + " It goes on without evidence, as the plan says.");
        };
    }

    private static Transition advance(Rollout rollout, String words) {
        int step = rollout.progress().step();
        return step == rollout.plan().lastStep()
                ? Transitions.promote(rollout, words)
                : enter(rollout, step + 1, "advance", words + " " + RolloutWords.entered(rollout.plan(), step + 1));
    }

    static Transition enter(Rollout rollout, int step, String action, String words) {
        Rollout entered = rollout.with(rollout.progress().at(step, rollout.stepState(step), words));
        return new Transition(entered, Optional.of(Traffic.SHARE), action);
    }
}
