package io.modelward.gateway.rollout;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Observation;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.Strategy;
import io.modelward.core.rollout.Transitions;
import io.modelward.gateway.evidence.EvidenceCollector;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The state of a rollout at work, and the decisions that follow from it. It belongs to one {@link RolloutActor}, whose
 * lock guards it. Nothing here waits, and nothing here writes: an {@link Intent} says what to write.
 */
final class LiveRollout {

    /** The act that the rollout asks for. */
    sealed interface Intent {}

    /** The candidate is to be loaded. */
    record LoadCandidate() implements Intent {}

    /** The transition is to be kept; traffic that the transition takes away is away already. */
    record Change(Transition transition) implements Intent {}

    /** Counts and time are to be kept. */
    record KeepCounts() implements Intent {}

    private final LongSupplier nanos;
    private CountedRollout counted;
    private CandidateTraffic traffic;

    /** That the candidate was deleted, in words: the rollout is to end. */
    private Optional<String> deleted;

    private Optional<String> cannotLoad = Optional.empty();

    /** Whether the process that drove it before died; to be written down before anything else happens to it. */
    private boolean orphaned;

    /** @param nanos the monotonic clock */
    LiveRollout(RolloutOpener.Opened opened, LongSupplier nanos) {
        this.counted = opened.counted();
        this.traffic = opened.traffic();
        this.deleted = opened.deleted();
        this.nanos = nanos;
    }

    /** It was at work before this process began, or before it was read again. */
    void takeOver() {
        orphaned = counted.row().attended() && state().serving();
        counted.markLater();
    }

    /** Replaces the state by the kept one. */
    void replace(RolloutOpener.Opened opened) {
        end(nanos.getAsLong());
        counted = opened.counted();
        traffic = opened.traffic();
        deleted = opened.deleted();
        cannotLoad = Optional.empty();
        takeOver();
    }

    Rollout rollout() {
        return counted.rollout();
    }

    RolloutState state() {
        return rollout().state();
    }

    RolloutView view() {
        return counted.view();
    }

    CandidateTraffic traffic() {
        return traffic;
    }

    /** What is to be written with a transition: all that was counted up to the tick that it knows. */
    Counted counted(Transition transition) {
        return counted.counted(transition.rollout().progress().lastTick());
    }

    Counted counted() {
        return counted.counted();
    }

    void saved(RolloutWork.Saved saved) {
        counted.saved(saved.row(), saved.job().counted());
    }

    /** The model is being loaded, or why it cannot be. */
    void loaded(RolloutWork.Loaded loaded) {
        loaded.model().ifPresent(loaded.job().traffic()::loading);
        cannotLoad = loaded.model().isPresent() ? Optional.empty() : Optional.of(loaded.cannot());
    }

    /** Lets requests see the committed revision. */
    void written(RolloutCommits.Committed committed, Counted what) {
        long now = nanos.getAsLong();
        counted.written(committed.row(), what);
        orphaned = false;
        if (committed.route().isPresent()) {
            int number = committed.endpoint().orElseThrow().number();
            if (traffic.publish(rollout(), committed.route().get(), number, now)) {
                counted.watchedFrom(now);
            }
        }
        if (state().ended()) {
            end(now);
        }
    }

    /** The candidate is not needed any more. */
    void end(long now) {
        traffic.end(now);
    }

    /** Notes when the candidate was deleted. */
    void deleted(Optional<String> why) {
        deleted = why;
        if (why.isPresent() && state().serving()) {
            withdraw();
        }
    }

    void withdraw() {
        traffic.withdraw(rollout(), nanos.getAsLong());
    }

    /** Takes in scored ticks, and takes the traffic away when they prove harm. */
    void count(long now) {
        if (orphaned || !state().serving()) {
            return;
        }
        counted.measured(traffic.compareLatency(rollout(), now));
        List<EvidenceCollector.Scored> scored = counted.evidence().turn(now);
        long known = nanos.getAsLong();
        count(scored, now);
        if (strategy().takesTraffic(rollout(), observe())) {
            traffic.withdraw(rollout(), known);
        }
    }

    /** Ends counting, and takes in all that was admitted, as it stands. */
    void finish(long now) {
        count(counted.evidence().finish(now), now);
    }

    private void count(List<EvidenceCollector.Scored> scored, long now) {
        counted.count(scored, traffic.published(), state() == RolloutState.HELD, now);
    }

    private Observation observe() {
        return counted.observe(traffic.ready());
    }

    private Strategy strategy() {
        return Strategy.of(rollout().plan());
    }

    /**
     * What a person says, as a transition; empty when it is so already.
     *
     * @throws ProblemException CONFLICT when the rollout is elsewhere
     */
    Optional<Transition> obey(Function<Rollout, Optional<Transition>> order, long now) {
        Optional<Transition> asked = order.apply(rollout());
        if (asked.isEmpty()) {
            return asked;
        }
        if (asked.get().route().equals(Optional.of(Traffic.ALL)) && !traffic.ready()) {
            throw ProblemException.conflict(
                    rollout().candidate().reference() + " is not loaded now. Wait until it is, or abort.");
        }
        if (state() == RolloutState.HELD) {
            counted.forgetIncident();
        }
        return Optional.of(withdrawn(asked.get(), now));
    }

    /** Takes the traffic away now, if that is what the order says, whose turn comes later. */
    void anticipate(Function<Rollout, Optional<Transition>> order) {
        try {
            Optional<Transition> asked = order.apply(rollout());
            if (asked.isPresent() && asked.get().route().equals(Optional.of(Traffic.NONE))) {
                withdraw();
            }
        } catch (ProblemException elsewhere) {
            // The rollout may be elsewhere when the turn comes, and then the caller is told.
        }
    }

    /**
     * What goes ahead of what anybody asks for: the loading of a candidate that has a share, and an end by harm or
     * deletion.
     */
    Optional<Intent> urgent(long now) {
        if (orphaned || !(state().serving() || deleted.isPresent())) {
            return Optional.empty();
        }
        return decide(now)
                .filter(intent -> intent instanceof LoadCandidate
                        || (intent instanceof Change change
                                && (deleted.isPresent()
                                        || change.transition().rollout().state() == RolloutState.ABORTING)));
    }

    /** The next act without an order; empty: nothing. */
    Optional<Intent> decide(long now) {
        Rollout rollout = rollout();
        if (orphaned) {
            return change(Transitions.restarted(rollout), now);
        }
        Optional<Transition> gone = deleted.flatMap(why -> Transitions.deleted(rollout, why));
        if (gone.isPresent()) {
            return change(gone.get(), now);
        }
        return switch (rollout.state()) {
            case LOADING -> loading(rollout, now);
            case RUNNING, HELD, BAKING -> serving(rollout, now);
            case ABORTING -> change(Transitions.rolledBack(rollout), now);
            default -> Optional.empty();
        };
    }

    private Optional<Intent> change(Transition transition, long now) {
        return Optional.of(new Change(withdrawn(transition, now)));
    }

    /** The transition, with the traffic taken away if that is what it does. */
    private Transition withdrawn(Transition transition, long since) {
        if (transition.route().equals(Optional.of(Traffic.NONE))) {
            traffic.withdraw(rollout(), since);
        }
        return traffic.timed(transition);
    }

    private Optional<Intent> loading(Rollout rollout, long now) {
        if (isToBeLoaded()) {
            return Optional.of(new LoadCandidate());
        }
        Optional<String> why = failure(rollout);
        if (why.isPresent()) {
            return change(Transitions.loadFailed(rollout, why.get()), now);
        }
        if (!isLoaded()) {
            return Optional.empty();
        }
        Rollout measured = traffic.measured(rollout);
        counted.begin(measured);
        return change(strategy().begin(measured), now);
    }

    private Optional<Intent> serving(Rollout rollout, long now) {
        // After a restart the candidate gets its share again once it is loaded. One that cannot be loaded any more is
        // rolled back.
        boolean lacksTraffic = !traffic.published()
                && !traffic.withdrawn()
                && counted.monitor().harm().isEmpty();
        if (lacksTraffic) {
            if (isToBeLoaded()) {
                return Optional.of(new LoadCandidate());
            }
            Optional<String> why = failure(rollout);
            if (why.isPresent()) {
                return change(Transitions.lost(rollout, why.get()), now);
            }
            if (isLoaded() && traffic.shareAgain(rollout, now)) {
                counted.watchedFrom(now);
            }
        }
        Optional<Transition> next = strategy().next(rollout, observe());
        if (next.isPresent()) {
            return change(next.get(), now);
        }
        return counted.isBehind() ? Optional.of(new KeepCounts()) : Optional.empty();
    }

    private boolean isToBeLoaded() {
        return traffic.candidate().isEmpty() && cannotLoad.isEmpty();
    }

    private boolean isLoaded() {
        return traffic.candidate()
                .map(model -> model.running().ready().isDone())
                .orElse(false);
    }

    /** Why the candidate cannot be loaded, as far as that is known by now. */
    private Optional<String> failure(Rollout rollout) {
        Optional<LoadedModel> candidate = traffic.candidate();
        if (candidate.isEmpty() || !isLoaded()) {
            return cannotLoad;
        }
        try {
            candidate.get().running().ready().join();
            return Optional.empty();
        } catch (CompletionException failed) {
            return Optional.of(RolloutWork.words(rollout, failed));
        }
    }
}
