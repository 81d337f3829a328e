package io.modelward.gateway.rollout;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Observation;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRules;
import io.modelward.core.rollout.RolloutState;
import io.modelward.gateway.evidence.Evidence;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.Change;
import io.modelward.store.catalog.Rollouts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives all rollouts that are at work. Every tick it first decides, and where harm is proven takes the candidate's traffic away in this
 * process, which waits for nothing; only then does it write: the ticks, the new state, the route revision and the audit entry in one
 * transaction. A write that fails is tried again at the next tick, with the traffic taken away all the while.
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
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** By rollout id; guarded by this. */
    private final Map<String, LiveRollout> live = new LinkedHashMap<>();

    private final Map<String, RolloutView> views = new ConcurrentHashMap<>();
    /** Of rollouts that ended lately: to judge all their ticks again takes its time. */
    private final EndedViews endedViews = new EndedViews();

    private @Nullable Thread thread;
    private volatile boolean closed;

    /** @param nanos the monotonic clock */
    RolloutDriver(
            Catalog catalog,
            RolloutCommits commits,
            CandidateRoutes routes,
            LiveRollouts lives,
            InstantSource clock,
            LongSupplier nanos) {
        this.catalog = catalog;
        this.commits = commits;
        this.routes = routes;
        this.lives = lives;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Begins to tick by itself; a test ticks by hand instead. */
    public void start() {
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

    /** What can be seen of a rollout that is at work or ended lately. */
    public Optional<RolloutView> view(String id) {
        return Optional.ofNullable(views.get(id)).or(() -> endedViews.find(id));
    }

    /** All that are at work. */
    public Collection<RolloutView> views() {
        return List.copyOf(views.values());
    }

    void remember(RolloutView ended) {
        endedViews.add(ended);
    }

    /** Takes over what was at work before a restart. What cannot be written yet, on a full disk, is tried again; until then it has no traffic. */
    public synchronized void restore() {
        for (Rollouts.Row row : catalog.read(tx -> tx.rollouts().open())) {
            if (row.rollout().state().atWork()) {
                adopt(row).takeOver();
            }
        }
        tick();
    }

    synchronized LiveRollout adopt(Rollouts.Row row) {
        LiveRollout adopted = lives.open(row, nanos.getAsLong());
        live.put(row.rollout().id(), adopted);
        show(adopted);
        return adopted;
    }

    /** One tick of all rollouts. */
    public synchronized void tick() {
        long now = nanos.getAsLong();
        Map<LiveRollout, Optional<Transition>> decided = new LinkedHashMap<>();
        for (LiveRollout one : List.copyOf(live.values())) {
            try {
                decided.put(one, decide(one, now));
            } catch (RuntimeException failure) {
                LOG.error("rollout {} could not be decided on; the next tick tries again", one.rollout.id(), failure);
            }
        }
        decided.forEach((one, transition) -> {
            try {
                if (transition.isPresent()) {
                    String reason = transition.get().rollout().progress().reason();
                    apply(one, transition.get(), Actor.SERVER, reason);
                } else if (one.isBehind()) {
                    one.written(commits.save(one.row, one.rollout, one.unsaved, change(Actor.SERVER, "")));
                }
            } catch (RuntimeException failure) {
                LOG.warn(
                        "rollout {} could not be written and is tried again: {}", one.rollout.id(), failure.toString());
            }
            show(one);
        });
    }

    /** What is to be done, with the traffic taken away already if it is to roll back. */
    private Optional<Transition> decide(LiveRollout one, long now) {
        if (one.orphaned) {
            return Optional.of(RolloutRules.restarted(one.rollout));
        }
        Optional<Transition> transition = switch (one.rollout.state()) {
            case LOADING -> lives.loaded(one);
            case RUNNING, HELD, BAKING -> judged(one, now);
            case ABORTING -> Optional.of(RolloutRules.rolledBack(one.rollout));
            default -> Optional.empty();
        };
        if (transition.isPresent() && transition.get().route().equals(Optional.of(Traffic.NONE))) {
            routes.withdraw(one, now, nanos);
            return transition.map(one::timed);
        }
        return transition;
    }

    private Optional<Transition> judged(LiveRollout one, long now) {
        Optional<Transition> lost = lives.republish(one, routes, now);
        if (lost.isPresent()) {
            return lost;
        }
        lives.freezeThreshold(one);
        List<Evidence.Scored> scored = one.evidence.turn(now);
        long known = nanos.getAsLong();
        one.count(scored, now);
        Observation seen = one.observe();
        if (RolloutRules.takesTraffic(one.rollout, seen)) {
            routes.withdraw(one, known, nanos);
        }
        return RolloutRules.next(one.rollout, seen);
    }

    /** Makes a transition durable, then lets requests see it. */
    private void apply(LiveRollout one, Transition transition, Actor actor, String reason) {
        RolloutCommits.Committed committed =
                commits.commit(one.row, transition, List.copyOf(one.unsaved), change(actor, reason));
        one.written(committed.row());
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
            lives.dequeue(one.rollout.endpoint(), change(Actor.SERVER, "the rollout before it ended"))
                    .ifPresent(this::adopt);
        }
    }

    /** Lets requests see what was committed. */
    void follow(LiveRollout one, RolloutCommits.Committed committed) {
        committed.route().ifPresent(route -> routes.publish(one, committed, nanos.getAsLong()));
    }

    void end(LiveRollout one) {
        live.remove(one.rollout.id());
        endedViews.add(one.view());
        views.remove(one.rollout.id());
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
            Rollouts.Row row = lives.require(id);
            order.apply(row.rollout())
                    .ifPresent(transition -> commits.commit(row, transition, List.of(), change(actor, reason)));
            return;
        }
        long now = nanos.getAsLong();
        // Harm that is known by now comes first: abort beats promote.
        Optional<Transition> harm =
                decide(one, now).filter(found -> found.rollout().state() == RolloutState.ABORTING);
        if (harm.isPresent()) {
            apply(one, harm.get(), Actor.SERVER, harm.get().rollout().progress().reason());
        }
        Optional<Transition> transition = order.apply(one.rollout);
        transition.ifPresent(found -> {
            if (found.route().equals(Optional.of(Traffic.NONE))) {
                routes.withdraw(one, now, nanos);
            }
            if (one.rollout.state() == RolloutState.HELD) {
                one.forgetIncident();
            }
            apply(one, one.timed(found), actor, reason);
        });
        show(one);
    }

    private void show(LiveRollout one) {
        if (live.containsKey(one.rollout.id())) {
            views.put(one.rollout.id(), one.view());
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
        synchronized (this) {
            for (LiveRollout one : new ArrayList<>(live.values())) {
                try {
                    one.count(one.evidence.finish(nanos.getAsLong()), nanos.getAsLong());
                    commits.save(one.row, one.rollout, one.unsaved, change(Actor.SERVER, ""));
                    catalog.write(tx -> {
                        tx.rollouts().leave(one.rollout.id());
                        return true;
                    });
                } catch (RuntimeException failure) {
                    LOG.warn("rollout {} could not be left in good order: {}", one.rollout.id(), failure.toString());
                }
            }
            live.clear();
        }
    }

    static ProblemException unknown() {
        return ProblemException.notFound("There is no rollout with this id.");
    }
}
