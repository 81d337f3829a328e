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
import io.modelward.store.catalog.Rollouts;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

    /** Endpoints where a rollout may wait although none is at work; guarded by this. */
    private final Set<String> freed = new LinkedHashSet<>();

    private final Map<String, RolloutView> views = new ConcurrentHashMap<>();
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
                tick();
            }
        });
    }

    /** What can be seen of a rollout that is at work. */
    public Optional<RolloutView> view(String id) {
        return Optional.ofNullable(views.get(id));
    }

    /** Takes over what was at work before a restart. */
    public synchronized void restore() {
        for (Rollouts.Row row : catalog.read(tx -> tx.rollouts().open())) {
            if (!row.rollout().state().atWork()) {
                freed.add(row.rollout().endpoint());
                continue;
            }
            LiveRollout restored = adopt(row);
            if (row.attended() && row.rollout().state().serving()) {
                apply(restored, RolloutRules.restarted(restored.rollout), Actor.SERVER, "the server was restarted");
            } else {
                restored.row = commits.save(row, row.rollout(), List.of(), change(Actor.SERVER, ""));
            }
            show(restored);
        }
        beginWaiting();
    }

    /** Begins what waits where nothing is at work any more. What fails, or was cut off by the end of the process, is tried again. */
    private void beginWaiting() {
        for (String endpoint : List.copyOf(freed)) {
            try {
                lives.dequeue(endpoint, change(Actor.SERVER, "the rollout before it ended"))
                        .filter(row -> !live.containsKey(row.rollout().id()))
                        .ifPresent(this::adopt);
                freed.remove(endpoint);
            } catch (RuntimeException failure) {
                LOG.warn(
                        "what waits for endpoint {} could not begin and is tried again: {}",
                        endpoint,
                        failure.toString());
            }
        }
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
                // One that cannot be looked at now must not end the thread that drives all others.
                LOG.warn("rollout {} could not be judged and is tried again", one.rollout.id(), failure);
            }
        }
        decided.forEach((one, transition) -> {
            try {
                if (transition.isPresent()) {
                    String reason = transition.get().rollout().progress().reason();
                    apply(one, transition.get(), Actor.SERVER, reason);
                } else if (one.isBehind()) {
                    one.row = commits.save(one.row, one.rollout, one.unsaved, change(Actor.SERVER, ""));
                    one.unsaved.clear();
                }
            } catch (RuntimeException failure) {
                LOG.warn(
                        "rollout {} could not be written and is tried again: {}", one.rollout.id(), failure.toString());
            }
            show(one);
        });
        beginWaiting();
    }

    /** What is to be done, with the traffic taken away already if it is to roll back. */
    private Optional<Transition> decide(LiveRollout one, long now) {
        Optional<Transition> transition = switch (one.rollout.state()) {
            case LOADING -> lives.loaded(one);
            case RUNNING, HELD, BAKING -> judged(one, now);
            case ABORTING -> Optional.of(RolloutRules.rolledBack(one.rollout));
            default -> Optional.empty();
        };
        if (transition.isPresent() && transition.get().route().equals(Optional.of(Traffic.NONE))) {
            withdraw(one, now);
            return transition.map(found -> timed(one, found));
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
            withdraw(one, known);
        }
        return RolloutRules.next(one.rollout, seen);
    }

    /** From here on no request reaches the candidate in this process. */
    private void withdraw(LiveRollout one, long since) {
        if (one.published) {
            routes.withdraw(one.rollout);
            one.evidence.end(nanos.getAsLong());
            one.published = false;
            one.withdrawnMicros = OptionalLong.of((nanos.getAsLong() - since) / 1000);
        }
    }

    private static Transition timed(LiveRollout one, Transition transition) {
        if (one.withdrawnMicros.isEmpty()) {
            return transition;
        }
        Rollout rollout = transition.rollout();
        return new Transition(
                rollout.with(rollout.progress().withWithdrawn(one.withdrawnMicros.getAsLong())),
                transition.route(),
                transition.action());
    }

    /** Makes a transition durable, then lets requests see it. */
    private void apply(LiveRollout one, Transition transition, Actor actor, String reason) {
        RolloutCommits.Committed committed =
                commits.commit(one.row, transition, List.copyOf(one.unsaved), change(actor, reason));
        one.unsaved.clear();
        one.row = committed.row();
        one.rollout = committed.row().rollout();
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
            freed.add(one.rollout.endpoint());
            beginWaiting();
        }
    }

    /** Lets requests see what was committed. */
    void follow(LiveRollout one, RolloutCommits.Committed committed) {
        committed.route().ifPresent(route -> routes.publish(one, committed, nanos.getAsLong()));
    }

    void end(LiveRollout one) {
        live.remove(one.rollout.id());
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
            if (found.route().equals(Optional.of(Traffic.ALL)) && !one.ready()) {
                throw ProblemException.conflict(
                        one.rollout.candidate().reference() + " is not loaded now. Wait until it is, or abort.");
            }
            if (found.route().equals(Optional.of(Traffic.NONE))) {
                withdraw(one, now);
            }
            if (one.rollout.state() == RolloutState.HELD) {
                one.forgetIncident();
            }
            apply(one, timed(one, found), actor, reason);
        });
        show(one);
    }

    private void show(LiveRollout one) {
        if (live.containsKey(one.rollout.id())) {
            views.put(one.rollout.id(), one.view());
        }
    }

    io.modelward.store.catalog.Change change(Actor actor, String reason) {
        return actor.change(clock.instant(), reason.length() > 2000 ? reason.substring(0, 2000) : reason);
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
