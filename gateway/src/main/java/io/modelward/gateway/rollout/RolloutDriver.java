package io.modelward.gateway.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.audit.Change;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutRules;
import io.modelward.core.rollout.RolloutState;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives all rollouts that are at work. Every tick it first decides, and where harm is proven takes the candidate's traffic away in this
 * process, which waits for nothing; only then does it write: the ticks, the new state, the route revision and the audit entry in one
 * transaction. A write that fails is tried again at the next tick, with the traffic taken away all the while. While it waits for a write,
 * {@link HarmWatch} goes on counting and takes harmful traffic away.
 *
 * <p>Changes of rollouts are serial: ticks and people's orders take turns here. A transaction must not call back into this class: it runs
 * on the catalog's thread while a caller holds this lock and waits.
 */
public final class RolloutDriver implements AutoCloseable {

    /** How often it is looked whether a cohort is due; a cohort itself lasts {@link Evidence#TICK_NANOS}. */
    private static final long LOOK_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(RolloutDriver.class);

    private final Catalog catalog;
    private final RolloutCommits commits;
    private final CandidateRoutes routes;
    private final LiveRollouts lives;
    private final RolloutQueue queue;
    private final RolloutDecider decider;
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** By rollout id. */
    @GuardedBy("this")
    private final Map<String, LiveRollout> live = new LinkedHashMap<>();
    /** The same, for whoever must not wait for this. */
    private volatile List<LiveRollout> watched = List.of();

    private final RolloutBoard board;

    private @Nullable Thread thread;
    private @Nullable HarmWatch watch;
    private volatile boolean closed;
    /** Whether candidates may have been deleted since it was looked. */
    private volatile boolean deletions;

    /** @param nanos the monotonic clock */
    RolloutDriver(
            Catalog catalog,
            RolloutCommits commits,
            CandidateRoutes routes,
            LiveRollouts lives,
            RolloutQueue queue,
            InstantSource clock,
            LongSupplier nanos) {
        this.catalog = catalog;
        this.commits = commits;
        this.routes = routes;
        this.lives = lives;
        this.queue = queue;
        this.board = new RolloutBoard(lives::named);
        this.decider = new RolloutDecider(routes, lives, nanos);
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Begins to tick by itself; a test ticks by hand instead. */
    public void start() {
        watch = new HarmWatch(() -> watched, decider, nanos);
        thread = Thread.ofPlatform().daemon().name("rollouts").start(() -> {
            while (!closed) {
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException interrupted) {
                    return;
                }
                try {
                    tick();
                } catch (RuntimeException failure) {
                    LOG.error("a tick of the rollouts failed; the next one tries again", failure);
                }
            }
        });
    }

    /** What can be seen of the rollouts. */
    public RolloutBoard board() {
        return board;
    }

    /** Takes over what was at work before a restart. What cannot be written yet, on a full disk, is tried again; until then it has no traffic. */
    public synchronized void restore() {
        for (RolloutRecord row : catalog.read(tx -> tx.rollouts().open())) {
            if (row.rollout().state().atWork()) {
                adopt(row).takeOver();
            } else {
                queue.freed(row.rollout().endpoint());
            }
        }
        tick();
    }

    synchronized LiveRollout adopt(RolloutRecord row) {
        return adopt(lives.open(row, nanos.getAsLong()));
    }

    @GuardedBy("this")
    private LiveRollout adopt(LiveRollout adopted) {
        live.put(adopted.rollout.id(), adopted);
        watched = List.copyOf(live.values());
        show(adopted);
        return adopted;
    }

    @GuardedBy("this")
    private void leave(LiveRollout one) {
        live.remove(one.rollout.id(), one);
        watched = List.copyOf(live.values());
    }

    /** Ends the rollouts whose candidate was deleted. What cannot be read or written now is tried again at the next tick. */
    void endDeleted() {
        deletions = true;
        tick();
    }

    @GuardedBy("this")
    private void followModels() {
        lives.catchUp();
        if (!deletions) {
            return;
        }
        deletions = false;
        try {
            live.values().forEach(lives::findDeleted);
            queue.cancelDeleted(change(Actor.SERVER, "the candidate was deleted"));
        } catch (RuntimeException failure) {
            deletions = true;
            LOG.warn("deleted candidates are looked for again at the next tick: {}", failure.toString());
        }
    }

    /** One tick of all rollouts. */
    public synchronized void tick() {
        followModels();
        long now = nanos.getAsLong();
        Map<LiveRollout, Optional<Transition>> decided = new LinkedHashMap<>();
        for (LiveRollout one : List.copyOf(live.values())) {
            try {
                if (one.stale) {
                    readAgain(one);
                    continue;
                }
                decided.put(one, one.refused.isPresent() ? Optional.empty() : decider.decide(one, now));
            } catch (RuntimeException failure) {
                LOG.error("rollout {} could not be decided on; the next tick tries again", one.rollout.id(), failure);
            }
        }
        for (Map.Entry<LiveRollout, Optional<Transition>> one : decided.entrySet()) {
            write(one.getKey(), one.getValue());
        }
        beginWaiting();
    }

    @GuardedBy("this")
    private void write(LiveRollout one, Optional<Transition> transition) {
        try {
            if (one.refused.isPresent()) {
                LiveRollout.Refused order = one.refused.get();
                apply(one, order.transition(), order.actor(), order.reason());
            } else if (transition.isPresent()) {
                apply(
                        one,
                        transition.get(),
                        Actor.SERVER,
                        transition.get().rollout().progress().reason());
            } else if (one.isBehind()) {
                LiveRollout.Counted counted = one.counted();
                one.saved(commits.save(one.row, counted.rollout(), counted.ticks(), change(Actor.SERVER, "")), counted);
            }
        } catch (ProblemException problem) {
            if (problem.problem().type() == ProblemType.UNAVAILABLE) {
                // The catalog says itself, and once, that it is away; this is tried again many times a second.
                LOG.debug("rollout {} could not be written: {}", one.rollout.id(), problem.getMessage());
            } else {
                LOG.warn("rollout {} could not be written: {}", one.rollout.id(), problem.getMessage());
            }
            if (problem.problem().type() == ProblemType.CONFLICT) {
                one.stale = true;
                readAgain(one);
                return;
            }
        } catch (RuntimeException failure) {
            LOG.warn("rollout {} could not be written and is tried again: {}", one.rollout.id(), failure.toString());
        }
        show(one);
    }

    /**
     * What is kept is not what this process believes, as after a write that came through and seemed to fail: go on from what is kept. The
     * traffic is taken away first. What cannot be read now is read at the next tick; until then the rollout stays as it is, without traffic.
     */
    @GuardedBy("this")
    private void readAgain(LiveRollout one) {
        one.lock.lock();
        try {
            routes.withdraw(one, nanos.getAsLong(), nanos);
        } finally {
            one.lock.unlock();
        }
        Optional<LiveRollout> next;
        RolloutRecord kept;
        try {
            kept = lives.require(one.rollout.id());
            next = kept.rollout().state().atWork()
                    ? Optional.of(lives.open(kept, nanos.getAsLong()))
                    : Optional.empty();
        } catch (RuntimeException unreadable) {
            LOG.warn(
                    "rollout {} could not be read and is read at the next tick: {}",
                    one.rollout.id(),
                    unreadable.toString());
            return;
        }
        leave(one);
        board.remove(one.rollout.id());
        lives.close(one);
        if (next.isPresent()) {
            adopt(next.get()).takeOver();
        } else {
            queue.freed(kept.rollout().endpoint());
        }
    }

    /** Begins what waits where nothing is at work any more. */
    @GuardedBy("this")
    private void beginWaiting() {
        queue.begin(change(Actor.SERVER, "the rollout before it ended"), this::adoptNew);
    }

    private synchronized void adoptNew(RolloutRecord row) {
        if (!live.containsKey(row.rollout().id())) {
            adopt(row);
        }
    }

    /** Makes a transition durable, then lets requests see it. */
    @GuardedBy("this")
    private void apply(LiveRollout one, Transition transition, Actor actor, String reason) {
        boolean promotes = transition.route().equals(Optional.of(Traffic.ALL));
        if (promotes) {
            // Nobody counts meanwhile: harm that was found while the promotion is written could not be acted on after
            // it.
            one.lock.lock();
        }
        try {
            applyNow(one, transition, actor, reason);
        } finally {
            if (promotes) {
                one.lock.unlock();
            }
        }
    }

    @GuardedBy("this")
    private void applyNow(LiveRollout one, Transition transition, Actor actor, String reason) {
        LiveRollout.Counted counted =
                one.counted(transition.rollout().progress().lastTick());
        RolloutCommits.Committed committed =
                commits.commit(one.row, transition, counted.ticks(), change(actor, reason));
        one.written(committed.row(), counted);
        follow(one, committed);
        if (one.rollout.state() == RolloutState.ABORTING) {
            // The only process that serves is this one, and it has taken the traffic away already.
            apply(
                    one,
                    RolloutRules.rolledBack(one.rollout),
                    Actor.SERVER,
                    one.rollout.progress().reason());
        } else if (one.rollout.state().ended()) {
            end(one);
            queue.freed(one.rollout.endpoint());
            beginWaiting();
        }
    }

    /** Lets requests see what was committed. */
    void follow(LiveRollout one, RolloutCommits.Committed committed) {
        one.lock.lock();
        try {
            committed.route().ifPresent(route -> routes.publish(one, committed, nanos.getAsLong()));
        } finally {
            one.lock.unlock();
        }
    }

    @GuardedBy("this")
    void end(LiveRollout one) {
        leave(one);
        board.keep(one.view());
        one.evidence.end(nanos.getAsLong());
        lives.close(one);
    }

    /** The one that occupies the endpoint. */
    synchronized Optional<LiveRollout> atWork(String endpoint) {
        return live.values().stream()
                .filter(one -> one.rollout.endpoint().equals(endpoint))
                .findFirst();
    }

    /**
     * Does what a person says.
     *
     * @param order empty when it is so already
     */
    synchronized void order(String id, Function<Rollout, Optional<Transition>> order, Actor actor, String reason) {
        LiveRollout one = live.get(id);
        if (one == null) {
            RolloutRecord row = lives.require(id);
            order.apply(row.rollout())
                    .ifPresent(transition -> commits.commit(row, transition, List.of(), change(actor, reason)));
            return;
        }
        long now = nanos.getAsLong();
        // Harm that is known by now comes first: abort beats promote.
        Optional<Transition> harm =
                decider.decide(one, now).filter(found -> found.rollout().state() == RolloutState.ABORTING);
        if (harm.isPresent()) {
            apply(one, harm.get(), Actor.SERVER, harm.get().rollout().progress().reason());
        }
        Optional<Transition> transition = order.apply(one.rollout);
        if (transition.isPresent()) {
            obey(one, decider.withdrawn(one, transition.get(), now), actor, reason);
        }
        show(one);
    }

    @GuardedBy("this")
    private void obey(LiveRollout one, Transition transition, Actor actor, String reason) {
        if (transition.route().equals(Optional.of(Traffic.ALL)) && !one.ready()) {
            throw ProblemException.conflict(
                    one.rollout.candidate().reference() + " is not loaded now. Wait until it is, or abort.");
        }
        if (one.rollout.state() == RolloutState.HELD) {
            one.forgetIncident();
        }
        try {
            apply(one, transition, actor, reason);
        } catch (RuntimeException unwritten) {
            if (transition.route().equals(Optional.of(Traffic.NONE))) {
                one.refused = Optional.of(new LiveRollout.Refused(transition, actor, reason));
            }
            throw unwritten;
        }
    }

    @GuardedBy("this")
    private void show(LiveRollout one) {
        if (live.containsKey(one.rollout.id())) {
            board.show(one.view());
        }
    }

    /** A person's reason that is too long is refused; what the server says itself is cut. */
    Change change(Actor actor, String reason) {
        boolean cut = actor.equals(Actor.SERVER) && reason.length() > Actor.LONGEST_REASON;
        return actor.change(clock.instant(), cut ? reason.substring(0, Actor.LONGEST_REASON) : reason);
    }

    /** Keeps what was counted and leaves the rollouts for the next start to go on with. Predictions have ended by then. */
    @Override
    public void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
        if (watch != null) {
            watch.close();
        }
        synchronized (this) {
            for (LiveRollout one : new ArrayList<>(live.values())) {
                try {
                    one.lock.lock();
                    try {
                        one.count(one.evidence.finish(nanos.getAsLong()), nanos.getAsLong());
                    } finally {
                        one.lock.unlock();
                    }
                    LiveRollout.Counted counted = one.counted();
                    commits.save(one.row, counted.rollout(), counted.ticks(), change(Actor.SERVER, ""));
                    catalog.write(tx -> {
                        tx.rollouts().leave(one.rollout.id());
                        return true;
                    });
                } catch (RuntimeException failure) {
                    LOG.warn("rollout {} could not be left in good order: {}", one.rollout.id(), failure.toString());
                }
            }
            live.clear();
            watched = List.of();
        }
    }

    static ProblemException unknown() {
        return ProblemException.notFound("There is no rollout with this id.");
    }
}
