package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutOrders;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.Transitions;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.EndpointName;
import io.modelward.core.webhook.Event;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.route.Revisions;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Begins rollouts: one transaction checks that a rollout may start, makes room for it or queues it, and inserts it;
 * later another one begins what waits. All of it may wait for the catalog.
 *
 * <p>All beginnings of one endpoint, and the orders to rollouts that nobody drives yet, take turns in a lane, so that
 * what a transaction began is driven before anybody else looks. A lane is never taken by a {@link RolloutActor}, and
 * whoever holds one may wait for an actor.
 */
final class RolloutStarter {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutStarter.class);
    /** Endpoints that share a lane only wait for each other. */
    private static final int LANES = 64;

    private final Catalog catalog;
    private final RolloutCommits commits;
    private final RolloutOpener opener;
    private final RolloutDriver driver;
    private final RandomGenerator random;
    private final List<ReentrantLock> lanes =
            Stream.generate(ReentrantLock::new).limit(LANES).toList();
    /** Endpoints where a rollout may wait, or be at work, that nobody drives. */
    private final Set<String> freed = ConcurrentHashMap.newKeySet();
    /** Those of them where it is being looked now. */
    private final Set<String> beginning = ConcurrentHashMap.newKeySet();

    RolloutStarter(
            Catalog catalog,
            RolloutCommits commits,
            RolloutOpener opener,
            RolloutDriver driver,
            RandomGenerator random) {
        this.catalog = catalog;
        this.commits = commits;
        this.opener = opener;
        this.driver = driver;
        this.random = random;
    }

    /** @param how the rollout before gave way */
    record Started(RolloutRecord row, boolean created, Optional<RolloutCommits.Committed> how) {}

    private <T> T inLane(String endpoint, Supplier<T> act) {
        ReentrantLock lane = lanes.get(Math.floorMod(endpoint.hashCode(), LANES));
        lane.lock();
        try {
            return act.get();
        } finally {
            lane.unlock();
        }
    }

    /** The id of the rollout; of one that was started before with the same key and request, that one's. */
    String start(RolloutStart start) {
        Change change = commits.change(start.actor(), start.reason());
        String endpoint = start.endpoint().value();
        return inLane(endpoint, () -> {
            String id = id();
            Started started;
            try {
                started = start(start, id, change);
            } catch (RuntimeException failed) {
                boolean refused = failed instanceof ProblemException problem
                        && problem.problem().type().status() < 500;
                if (!refused) {
                    // It may be kept all the same. Then it is at work, and somebody has to drive it.
                    freed(endpoint);
                }
                throw failed;
            }
            if (started.created() && started.row().rollout().state().atWork()) {
                try {
                    driver.adopt(started.row(), false);
                } catch (RuntimeException unread) {
                    LOG.warn("rollout {} is started and will be driven soon: {}", id, unread.toString());
                    freed(endpoint);
                }
            }
            return started.row().rollout().id();
        });
    }

    private Started start(RolloutStart start, String id, Change change) {
        Optional<RolloutActor> before =
                start.supersede() ? driver.atWork(start.endpoint().value()) : Optional.empty();
        if (before.isPresent()) {
            Optional<Started> instead = RolloutDriver.join(before.get()
                    .giveWay(counted -> catalog.write(tx -> start(tx, start, id, change, Optional.of(counted)))));
            if (instead.isPresent()) {
                return instead.get();
            }
        }
        return catalog.write(tx -> start(tx, start, id, change, Optional.empty()));
    }

    /** Nothing is at work on the endpoint any more, or nobody drives what is. */
    void freed(String endpoint) {
        freed.add(endpoint);
    }

    /**
     * Begins what waits where nothing is at work. What fails, or was cut off by the end of the process, is tried again.
     */
    void beginWaiting() {
        for (String endpoint : freed) {
            if (beginning.add(endpoint)) {
                driver.later(() -> {
                    try {
                        begin(endpoint);
                    } finally {
                        beginning.remove(endpoint);
                    }
                });
            }
        }
    }

    private void begin(String endpoint) {
        // One that is freed from here on is looked at once more.
        freed.remove(endpoint);
        try {
            inLane(endpoint, () -> {
                next(endpoint, commits.change("the rollout before it ended"))
                        .ifPresent(row -> driver.adopt(row, false));
                return true;
            });
        } catch (RuntimeException failure) {
            freed.add(endpoint);
            LOG.warn("what waits for endpoint {} could not begin and is tried again: {}", endpoint, failure.toString());
        }
    }

    /**
     * Gives an order to a rollout that nobody drives, since it waits or is over.
     *
     * @param driven says who drives it
     * @return who drives it by now, and is to be given the order
     */
    Optional<RolloutActor> orderOrFind(
            String id,
            Function<Rollout, Optional<Transition>> order,
            Change change,
            Supplier<Optional<RolloutActor>> driven) {
        return inLane(opener.require(id).rollout().endpoint(), () -> {
            Optional<RolloutActor> meanwhile = driven.get();
            if (meanwhile.isEmpty()) {
                RolloutRecord row = opener.require(id);
                order.apply(row.rollout()).ifPresent(transition -> commits.commit(row, transition, List.of(), change));
            }
            return meanwhile;
        });
    }

    private Started start(CatalogTransaction tx, RolloutStart start, String id, Change change, Optional<Counted> live) {
        RouteRevision current = Revisions.current(tx, start.endpoint());
        Optional<RolloutRecord> before = start.idempotencyKey()
                .flatMap(key -> tx.rollouts().findByKey(start.endpoint().value(), key));
        if (before.isPresent()) {
            return repeated(before.get(), start);
        }
        Arm active = current.active();
        ServableVersion candidate = ServableVersion.of(tx, start.model(), active, start.candidate());
        if (start.expectedRevision().isPresent() && start.expectedRevision().getAsLong() != current.revision()) {
            throw Revisions.changed(tx, current);
        }
        Optional<RolloutRecord> atWork = tx.rollouts().atWork(start.endpoint().value());
        require(tx, start.endpoint(), current, candidate);
        refuseTwice(tx.rollouts().open(), start.endpoint().value(), candidate);
        Optional<RolloutCommits.Committed> how = Optional.empty();
        if (atWork.isPresent() && start.supersede()) {
            how = Optional.of(supersede(tx, atWork.get(), live, id, change));
        }
        boolean queued = atWork.isPresent() && !start.supersede();
        Rollout rollout = new Rollout(
                id,
                start.endpoint().value(),
                candidate.ref(),
                active.ref(),
                start.plan(),
                queued
                        ? RolloutProgress.first(
                                RolloutState.QUEUED,
                                "It waits for rollout " + atWork.get().rollout().id() + " to end.")
                        : RolloutProgress.first(RolloutState.LOADING, "The candidate is being loaded."));
        audit(tx, rollout, queued, change);
        return new Started(tx.rollouts().insert(rollout, start.idempotencyKey(), start.request(), change), true, how);
    }

    private static Started repeated(RolloutRecord before, RolloutStart start) {
        if (!before.request().equals(start.request())) {
            throw Problem.field(
                            ProblemType.REFUSED,
                            "Idempotency-Key",
                            "This key stands for another request already. Use a new key for a new rollout.")
                    .exception();
        }
        return new Started(before, false, Optional.empty());
    }

    /** A request that is made again without a key must not queue the same move behind itself. */
    private static void refuseTwice(List<RolloutRecord> open, String endpoint, ServableVersion candidate) {
        open.stream()
                .map(RolloutRecord::rollout)
                .filter(rollout -> rollout.endpoint().equals(endpoint))
                .filter(rollout -> rollout.candidate().isSame(candidate.ref()))
                .findFirst()
                .ifPresent(rollout -> {
                    throw Problem.of(
                                    ProblemType.CONFLICT,
                                    candidate.reference() + " is being rolled out already, by rollout " + rollout.id()
                                            + ".")
                            .with("rollout", rollout.id())
                            .with("state", rollout.state().name())
                            .exception();
                });
    }

    private RolloutCommits.Committed supersede(
            CatalogTransaction tx, RolloutRecord row, Optional<Counted> live, String by, Change change) {
        if (row.rollout().state() == RolloutState.ABORTING) {
            throw ProblemException.conflict(
                    "Rollout " + row.rollout().id() + " is being rolled back. Try again in a moment.");
        }
        Rollout now = live.map(Counted::rollout).orElse(row.rollout());
        return commits.commit(
                tx,
                row,
                RolloutOrders.supersede(now, by),
                live.map(Counted::ticks).orElse(List.of()),
                change);
    }

    private static void audit(CatalogTransaction tx, Rollout rollout, boolean queued, Change change) {
        ObjectNode detail = Json.object()
                .put("rollout", rollout.id())
                .put("state", rollout.state().name())
                .put("model", rollout.candidate().model().toString())
                .put("version", rollout.candidate().version().toString())
                .put("digest", rollout.candidate().digest().toString())
                .put("active", rollout.active().version().toString());
        detail.set("plan", PlanJson.write(rollout.plan()));
        tx.audit().append(change, queued ? "rollout.queue" : "rollout.start", "endpoint:" + rollout.endpoint(), detail);
        if (!queued) {
            Events.rollout(tx, Event.ROLLOUT_STARTED, rollout, change);
        }
    }

    private String id() {
        return "r-" + Long.toHexString(random.nextLong() | 1L << 63);
    }

    /** Starts the one that has waited longest; those that have become pointless or impossible meanwhile end. */
    private Optional<RolloutRecord> next(String endpoint, Change change) {
        return catalog.write(tx -> {
            while (tx.rollouts().atWork(endpoint).isEmpty()) {
                Optional<RolloutRecord> waiting = tx.rollouts().firstQueued(endpoint);
                if (waiting.isEmpty()) {
                    return Optional.empty();
                }
                begin(tx, waiting.get(), change);
            }
            return tx.rollouts().atWork(endpoint);
        });
    }

    /** Ends those whose candidate was deleted; they need not wait for their turn to hear it. */
    void cancelDeleted() {
        Change change = commits.change("the candidate was deleted");
        if (catalog.read(tx -> waitsForDeleted(tx).isEmpty())) {
            return;
        }
        catalog.write(tx -> {
            waitsForDeleted(tx)
                    .forEach(row -> enter(
                            tx,
                            row,
                            Transitions.deleted(
                                            row.rollout(),
                                            RolloutOpener.deleted(tx, row.rollout())
                                                    .orElseThrow())
                                    .orElseThrow()
                                    .rollout(),
                            change));
            return true;
        });
    }

    private static List<RolloutRecord> waitsForDeleted(CatalogTransaction tx) {
        return tx.rollouts().open().stream()
                .filter(row -> row.rollout().state() == RolloutState.QUEUED)
                .filter(row -> RolloutOpener.deleted(tx, row.rollout()).isPresent())
                .toList();
    }

    private static void begin(CatalogTransaction tx, RolloutRecord row, Change change) {
        EndpointName endpoint = EndpointName.parse(row.rollout().endpoint());
        RouteRevision current = Revisions.current(tx, endpoint);
        Arm active = current.active();
        Rollout queued = row.rollout();
        RolloutState state = RolloutState.LOADING;
        String words = "The candidate is being loaded.";
        try {
            RolloutOpener.deleted(tx, queued).ifPresent(why -> {
                throw ProblemException.conflict(why);
            });
            require(tx, endpoint, current, ServableVersion.of(tx, queued.candidate()));
        } catch (ProblemException impossible) {
            state = RolloutState.CANCELLED;
            words = impossible.problem().detail();
        }
        Rollout next = new Rollout(
                queued.id(),
                queued.endpoint(),
                queued.candidate(),
                active.ref(),
                queued.plan(),
                RolloutProgress.first(state, words));
        enter(tx, row, next, change);
    }

    private static void enter(CatalogTransaction tx, RolloutRecord row, Rollout next, Change change) {
        tx.rollouts().update(next, row.version(), change.at());
        tx.audit()
                .append(
                        change,
                        next.state() == RolloutState.LOADING ? "rollout.dequeue" : "rollout.cancel",
                        "endpoint:" + next.endpoint(),
                        Json.object()
                                .put("rollout", next.id())
                                .put("version", next.candidate().version().toString())
                                .put("what", next.progress().reason())
                                .put("state", next.state().name()));
        if (next.state() == RolloutState.LOADING) {
            Events.rollout(tx, Event.ROLLOUT_STARTED, next, change);
        }
    }

    /**
     * @throws ProblemException when the version cannot be rolled out now: it serves already, breaks the contract, or
     *     was rolled back
     */
    private static void require(
            CatalogTransaction tx, EndpointName endpoint, RouteRevision current, ServableVersion candidate) {
        Arm active = current.active();
        if (active.serves(candidate.ref())) {
            throw ProblemException.conflict(
                    candidate.reference() + " is what endpoint " + endpoint + " serves already.");
        }
        Revisions.requireNotQuarantined(tx, endpoint, candidate);
        Revisions.requireCompatible(endpoint, current.contract(), candidate, "candidate");
    }
}
