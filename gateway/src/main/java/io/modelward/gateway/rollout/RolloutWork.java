package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import io.modelward.gateway.rollout.RolloutStarter.Started;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link RolloutActor} has done elsewhere because it may wait. A job and its outcome are values; nothing here
 * has state.
 */
final class RolloutWork {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutWork.class);

    /** What is to be done. */
    sealed interface Job {}

    /** @param ahead whether it is done ahead of the first errand, which fails with it */
    record Load(Rollout rollout, CandidateTraffic traffic, boolean ahead) implements Job {}

    /** Keeps counts and time. */
    record Save(Counted counted, Change change) implements Job {}

    /**
     * Makes a transition durable.
     *
     * @param caller who gave the order, and waits; empty: the rollout does it by itself
     */
    record Commit(
            Counted counted,
            Transition transition,
            Change change,
            Optional<CompletableFuture<Boolean>> caller,
            boolean ahead)
            implements Job {

        boolean gives(Traffic traffic) {
            return transition.route().equals(Optional.of(traffic));
        }
    }

    record ReadAgain(String id) implements Job {}

    /** Lets a start write that this rollout may give way to. */
    record MakeRoom(Counted counted, Function<Counted, Started> start, CompletableFuture<Optional<Started>> caller)
            implements Job {}

    record WriteAndLeave(Counted counted, Change change, CompletableFuture<Boolean> caller) implements Job {}

    /** How a job came out that did not fail. */
    sealed interface Outcome {}

    /** @param cannot why there is no model */
    record Loaded(Load job, Optional<LoadedModel> model, String cannot) implements Outcome {}

    record Saved(Save job, RolloutRecord row) implements Outcome {}

    record Committed(Commit job, RolloutCommits.Committed what) implements Outcome {}

    /** @param opened empty: it is not at work any more */
    record Reread(Optional<RolloutOpener.Opened> opened) implements Outcome {}

    record RoomMade(MakeRoom job, Started started) implements Outcome {}

    record Left(WriteAndLeave job) implements Outcome {}

    private final RolloutCommits commits;
    private final RolloutOpener opener;
    private final Executor redirects;

    /** @param redirects asks the active version instead of a candidate that was taken away */
    RolloutWork(RolloutCommits commits, RolloutOpener opener, Executor redirects) {
        this.commits = commits;
        this.opener = opener;
        this.redirects = redirects;
    }

    /** One of both is there. */
    record Attempt(Optional<Outcome> outcome, Optional<RuntimeException> failure) {}

    /** Does the job; may wait as long as the catalog does. */
    Attempt attempt(Job what) {
        try {
            return new Attempt(Optional.of(perform(what)), Optional.empty());
        } catch (RuntimeException failed) {
            return new Attempt(Optional.empty(), Optional.of(failed));
        } catch (Error fatal) {
            return new Attempt(Optional.empty(), Optional.of(new IllegalStateException(fatal)));
        }
    }

    static void log(String rollout, RuntimeException failure) {
        if (failure instanceof ProblemException problem && problem.problem().type() == ProblemType.UNAVAILABLE) {
            // The catalog says itself, and once, that it is away; this is tried again many times a second.
            LOG.debug("rollout {} could not go on: {}", rollout, problem.getMessage());
        } else {
            LOG.warn("rollout {} could not go on: {}", rollout, failure.toString());
        }
    }

    private Outcome perform(Job what) {
        return switch (what) {
            case Load load -> load(load);
            case Save save -> new Saved(save, commits.save(save.counted(), save.change()));
            case Commit commit -> {
                Counted counted = commit.counted();
                yield new Committed(
                        commit,
                        commits.commit(counted.before(), commit.transition(), counted.ticks(), commit.change()));
            }
            case ReadAgain again -> {
                RolloutRecord kept = opener.require(again.id());
                yield new Reread(
                        kept.rollout().state().atWork() ? Optional.of(opener.open(kept, redirects)) : Optional.empty());
            }
            case MakeRoom room -> new RoomMade(room, room.start().apply(room.counted()));
            case WriteAndLeave leaving -> {
                commits.leave(leaving.counted(), leaving.change());
                yield new Left(leaving);
            }
        };
    }

    private Loaded load(Load load) {
        ServableVersion version = opener.candidate(load.rollout());
        try {
            return new Loaded(load, Optional.of(load.traffic().load(version)), "");
        } catch (ProblemException cannotRun) {
            return new Loaded(load, Optional.empty(), words(load.rollout(), new CompletionException(cannotRun)));
        }
    }

    /** Why the model of a candidate is not there, in words. */
    static String words(Rollout rollout, CompletionException failed) {
        String detail = failed.getCause() instanceof ProblemException problem
                ? problem.problem().detail()
                : "for a reason that the server's log names";
        return rollout.candidate().reference() + " cannot be loaded: " + detail;
    }
}
