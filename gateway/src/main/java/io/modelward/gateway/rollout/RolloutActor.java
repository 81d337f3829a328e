package io.modelward.gateway.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.audit.Change;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import io.modelward.gateway.rollout.LiveRollout.Intent;
import io.modelward.gateway.rollout.LiveRollout.KeepCounts;
import io.modelward.gateway.rollout.LiveRollout.LoadCandidate;
import io.modelward.gateway.rollout.RolloutErrand.GiveWay;
import io.modelward.gateway.rollout.RolloutErrand.Leave;
import io.modelward.gateway.rollout.RolloutErrand.Order;
import io.modelward.gateway.rollout.RolloutErrand.Settle;
import io.modelward.gateway.rollout.RolloutStarter.Started;
import io.modelward.gateway.rollout.RolloutWork.Commit;
import io.modelward.gateway.rollout.RolloutWork.Committed;
import io.modelward.gateway.rollout.RolloutWork.Job;
import io.modelward.gateway.rollout.RolloutWork.Left;
import io.modelward.gateway.rollout.RolloutWork.Load;
import io.modelward.gateway.rollout.RolloutWork.Loaded;
import io.modelward.gateway.rollout.RolloutWork.MakeRoom;
import io.modelward.gateway.rollout.RolloutWork.Outcome;
import io.modelward.gateway.rollout.RolloutWork.ReadAgain;
import io.modelward.gateway.rollout.RolloutWork.Reread;
import io.modelward.gateway.rollout.RolloutWork.RoomMade;
import io.modelward.gateway.rollout.RolloutWork.Save;
import io.modelward.gateway.rollout.RolloutWork.Saved;
import io.modelward.gateway.rollout.RolloutWork.WriteAndLeave;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One rollout at work in this process. Its state is private; others send messages: {@link #look} (time has passed),
 * {@link #order} (a person says), {@link #giveWay}, {@link #deleted}, {@link #leave}.
 *
 * <h2>Concurrency</h2>
 *
 * <p><b>Deciding never waits for writing.</b> The state is guarded by one lock, and whoever holds the lock waits for
 * nothing: no catalog, no disk, no model. All that may wait is a {@link RolloutWork.Job}: an immutable description,
 * made under the lock, performed on the writer without the lock, and answered by a message that is taken in under the
 * lock again ({@link #takeIn}, {@link #failed}). A rollout has at most one job at a time, so its writes are in order;
 * another rollout has jobs of its own. So a commit that takes long delays the next commit of the same rollout, and
 * nothing else.
 *
 * <p><b>Harm.</b> Each look counts the requests and takes harmful traffic away, also while a job is being performed.
 * The transaction that says so follows when the job has ended: first the snapshot, then the transaction. Every other
 * change is a transaction first, and the snapshot follows when the transaction is taken in. What is counted during a
 * commit belongs to the state after it ({@link CountedRollout#written}). A share that comes back from its commit after
 * the traffic was taken away is not published. The one exception: while a promotion is written nobody counts, because
 * harm that is found then could not be acted on after it.
 *
 * <p><b>Orders take turns.</b> People's orders wait in a queue. When an order's turn comes, harm and deletion that are
 * known by then go first. An order that takes traffic away does so at once, and is written again and again until it is
 * kept, though its caller was told of the failure.
 *
 * <p><b>Failures.</b> A job that failed is made anew by the next look, never at once: a disk that is full is asked
 * twenty times a second at most. A conflict means that the kept rollout is not the one that this actor believes in.
 * Then the traffic is taken away, the rollout is read again, and only when it was read does the new state replace the
 * old one; until then this actor goes on without traffic.
 *
 * <p><b>Who else locks.</b> Under the lock this class calls the route table, the model pool and the evidence, each of
 * which has a short lock of its own and calls nothing back. It calls the driver without the lock.
 */
final class RolloutActor {

    /** An order that took the traffic away and could not be written. */
    private record Refused(Transition transition, Change change) {}

    /** When it is asked what to do. */
    private enum Moment {
        LOOK,
        ASKED,
        DONE,
        FAILED
    }

    /** Told once, without the lock, when a rollout has ended; with its last view, unless the end was only read. */
    interface Ended {
        void ended(RolloutActor actor, Optional<RolloutView> last);
    }

    private final String id;
    private final String endpoint;
    private final RolloutWork work;
    private final RolloutCommits commits;
    private final LongSupplier nanos;
    private final Executor writer;
    private final Ended ended;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final LiveRollout live;

    @GuardedBy("lock")
    private final Deque<RolloutErrand> errands = new ArrayDeque<>();

    /** The job that is being performed. */
    @GuardedBy("lock")
    private @Nullable Job job;

    @GuardedBy("lock")
    private Optional<Refused> refused = Optional.empty();

    /** Whether the kept rollout is not the one that is here, so that it must be read again. */
    @GuardedBy("lock")
    private boolean stale;

    /** Whether this actor does nothing any more. */
    @GuardedBy("lock")
    private boolean over;

    /**
     * @param takenOver whether it was at work before this process began
     * @param nanos the monotonic clock
     * @param writer performs jobs, each on a thread that may wait
     */
    RolloutActor(
            RolloutRecord row,
            RolloutOpener.Opened opened,
            boolean takenOver,
            RolloutWork work,
            RolloutCommits commits,
            LongSupplier nanos,
            Executor writer,
            Ended ended) {
        this.id = row.rollout().id();
        this.endpoint = row.rollout().endpoint();
        this.live = new LiveRollout(opened, nanos);
        if (takenOver) {
            live.takeOver();
        }
        this.work = work;
        this.commits = commits;
        this.nanos = nanos;
        this.writer = writer;
        this.ended = ended;
    }

    String id() {
        return id;
    }

    String endpoint() {
        return endpoint;
    }

    RolloutView view() {
        lock.lock();
        try {
            return live.view();
        } finally {
            lock.unlock();
        }
    }

    /** Time has passed: counts, takes harmful traffic away, and has done what follows. Waits for nothing. */
    void look() {
        lock.lock();
        try {
            count(nanos.getAsLong());
        } finally {
            lock.unlock();
        }
        proceed(Moment.LOOK);
    }

    @GuardedBy("lock")
    private void count(long now) {
        // Harm that is found while a promotion is written could not be acted on after it.
        if (!over && !isPromoting()) {
            live.count(now);
        }
    }

    @GuardedBy("lock")
    private boolean isPromoting() {
        return job instanceof Commit commit && commit.gives(Traffic.ALL);
    }

    /**
     * Does what a person says. The answer comes when it is kept, or when it is so already.
     *
     * @param what answers empty when it is so already
     */
    CompletableFuture<Boolean> order(Function<Rollout, Optional<Transition>> what, Change change) {
        lock.lock();
        try {
            // Its turn may be long in coming, and whoever takes traffic away means now.
            if (job != null && !over && !isPromoting()) {
                live.anticipate(what);
            }
        } finally {
            lock.unlock();
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return send(answer, new Order(what, change, answer));
    }

    /**
     * Lets a start write, while nothing else of this rollout is written. When the start says that this rollout gave
     * way, it is over.
     *
     * @return what the start said; empty when the rollout was over before its turn came
     */
    CompletableFuture<Optional<Started>> giveWay(Function<Counted, Started> start) {
        CompletableFuture<Optional<Started>> answer = new CompletableFuture<>();
        return send(answer, new GiveWay(start, answer));
    }

    /**
     * Notes when the candidate was deleted: it has no traffic when this returns. The answer comes when that was written
     * or failed to be.
     */
    CompletableFuture<Boolean> deleted(Optional<String> why) {
        lock.lock();
        try {
            live.deleted(why);
        } finally {
            lock.unlock();
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return send(answer, new Settle(answer));
    }

    /**
     * Keeps what was counted, and leaves the rollout for the next start to go on with. Answers false when it could not
     * be kept.
     */
    CompletableFuture<Boolean> leave() {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        return send(answer, new Leave(answer));
    }

    private <T> CompletableFuture<T> send(CompletableFuture<T> answer, RolloutErrand errand) {
        lock.lock();
        try {
            errands.add(errand);
        } finally {
            lock.unlock();
        }
        proceed(Moment.ASKED);
        return answer;
    }

    /** Makes the next job, unless one is being performed, and has it performed. */
    private void proceed(Moment moment) {
        Job next;
        lock.lock();
        try {
            if (job != null) {
                return;
            }
            next = next(moment, nanos.getAsLong());
            job = next;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            writer.execute(() -> perform(next));
        }
    }

    private void perform(Job what) {
        RolloutWork.Attempt attempt = work.attempt(what);
        Optional<RuntimeException> failure = attempt.failure();
        boolean ends;
        Optional<RolloutView> last = Optional.empty();
        lock.lock();
        try {
            job = null;
            if (attempt.outcome().isPresent()) {
                try {
                    takeIn(attempt.outcome().get());
                } catch (RuntimeException failed) {
                    // What is here may be half of what is kept.
                    stale = true;
                    failure = Optional.of(failed);
                }
            }
            if (failure.isPresent()) {
                failed(what, failure.get());
            }
            ends = over && !(what instanceof WriteAndLeave);
            if (ends && !(what instanceof ReadAgain)) {
                last = Optional.of(live.view());
            }
        } finally {
            lock.unlock();
        }
        if (ends) {
            ended.ended(this, last);
        }
        // A candidate that is there and a state that was read are decided on at once.
        boolean goesOn = what instanceof Load || what instanceof ReadAgain;
        proceed(failure.isPresent() ? Moment.FAILED : goesOn ? Moment.LOOK : Moment.DONE);
    }

    @GuardedBy("lock")
    private void takeIn(Outcome outcome) {
        switch (outcome) {
            case Loaded loaded -> live.loaded(loaded);
            case Saved saved -> live.saved(saved);
            case Committed committed -> {
                Commit commit = committed.job();
                written(committed.what(), commit.counted());
                if (commit.caller().isPresent()) {
                    answer(commit.caller().get());
                }
            }
            case Reread reread -> {
                stale = false;
                refused = Optional.empty();
                if (reread.opened().isPresent()) {
                    live.replace(reread.opened().get());
                } else {
                    live.end(nanos.getAsLong());
                    over = true;
                }
            }
            case RoomMade room -> {
                if (room.started().how().isPresent()) {
                    written(room.started().how().get(), room.job().counted());
                }
                room.job().caller().complete(Optional.of(room.started()));
            }
            case Left left -> {
                over = true;
                left.job().caller().complete(true);
            }
        }
    }

    @GuardedBy("lock")
    private void written(RolloutCommits.Committed what, Counted counts) {
        live.written(what, counts);
        refused = Optional.empty();
        over = live.state().ended();
    }

    /** An order is kept. An abort is answered when the rollout is rolled back, which is written next. */
    @GuardedBy("lock")
    private void answer(CompletableFuture<Boolean> caller) {
        if (live.state() == RolloutState.ABORTING) {
            errands.addFirst(new Settle(caller));
        } else {
            caller.complete(true);
        }
    }

    @GuardedBy("lock")
    private void failed(Job what, RuntimeException failure) {
        switch (what) {
            case Commit commit
            when commit.caller().isPresent() -> {
                if (commit.gives(Traffic.NONE)) {
                    refused = Optional.of(new Refused(commit.transition(), commit.change()));
                }
                commit.caller().get().completeExceptionally(failure);
            }
            case Commit commit -> {
                RolloutWork.log(id, failure);
                readAgainAfterConflict(failure);
                failFirst(commit.ahead(), failure);
            }
            case Save _ -> {
                RolloutWork.log(id, failure);
                readAgainAfterConflict(failure);
            }
            case Load load -> {
                RolloutWork.log(id, failure);
                failFirst(load.ahead(), failure);
            }
            case ReadAgain _ -> RolloutWork.log(id, failure);
            case MakeRoom room -> room.caller().completeExceptionally(failure);
            case WriteAndLeave leaving -> {
                RolloutWork.log(id, failure);
                over = true;
                leaving.caller().complete(false);
            }
        }
    }

    /** The first errand fails with the failure of the job that went ahead of it. */
    @GuardedBy("lock")
    private void failFirst(boolean ahead, RuntimeException failure) {
        if (ahead && !errands.isEmpty()) {
            errands.remove().answer().completeExceptionally(failure);
        }
    }

    @GuardedBy("lock")
    private void readAgainAfterConflict(RuntimeException failure) {
        if (failure instanceof ProblemException problem && problem.problem().type() == ProblemType.CONFLICT) {
            stale = true;
            live.withdraw();
        }
    }

    @GuardedBy("lock")
    private @Nullable Job next(Moment moment, long now) {
        if (over) {
            for (RolloutErrand late : errands) {
                late.answerLate(live.rollout());
            }
            errands.clear();
            return null;
        }
        if (stale && moment == Moment.LOOK) {
            return new ReadAgain(id);
        }
        if (moment == Moment.DONE && live.state() == RolloutState.ABORTING && !stale) {
            return job(live.decide(now), false);
        }
        while (!errands.isEmpty()) {
            Job begun = begin(errands.element(), now);
            if (begun != null) {
                return begun;
            }
        }
        if (moment != Moment.LOOK) {
            return null;
        }
        if (refused.isPresent()) {
            Transition again = refused.get().transition();
            return new Commit(live.counted(again), again, refused.get().change(), Optional.empty(), false);
        }
        return job(live.decide(now), false);
    }

    @GuardedBy("lock")
    private @Nullable Job job(Optional<Intent> intent, boolean ahead) {
        return switch (intent.orElse(null)) {
            case null -> null;
            case LoadCandidate _ -> new Load(live.rollout(), live.traffic(), ahead);
            case KeepCounts _ -> new Save(live.counted(), commits.change(""));
            case LiveRollout.Change(Transition transition) -> {
                Change change = commits.change(transition.rollout().progress().reason());
                yield new Commit(live.counted(transition), transition, change, Optional.empty(), ahead);
            }
        };
    }

    /** The job that the first errand needs next; null when the errand is done, and then it is out of the queue. */
    @GuardedBy("lock")
    private @Nullable Job begin(RolloutErrand errand, long now) {
        try {
            if (errand instanceof Order || errand instanceof Settle) {
                count(now);
                Job first = job(live.urgent(now), true);
                if (first != null) {
                    return first;
                }
            }
            errands.remove();
            return begun(errand, now);
        } catch (RuntimeException failure) {
            errands.remove(errand);
            errand.answer().completeExceptionally(failure);
            return null;
        }
    }

    @GuardedBy("lock")
    private @Nullable Job begun(RolloutErrand errand, long now) {
        switch (errand) {
            case Order order -> {
                Optional<Transition> asked = live.obey(order.what(), now);
                if (asked.isPresent()) {
                    Optional<CompletableFuture<Boolean>> caller = Optional.of(order.answer());
                    return new Commit(live.counted(asked.get()), asked.get(), order.change(), caller, false);
                }
                order.answer().complete(true);
            }
            case GiveWay giveWay -> {
                return new MakeRoom(live.counted(), giveWay.start(), giveWay.answer());
            }
            case Leave leave -> {
                live.finish(now);
                return new WriteAndLeave(live.counted(), commits.change(""), leave.answer());
            }
            case Settle settle -> settle.answer().complete(true);
        }
        return null;
    }
}
