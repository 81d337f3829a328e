package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.Progress;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutOrders;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.Revisions;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Starts rollouts: one transaction checks that it may start, makes room for it or queues it, and inserts it. */
final class RolloutStarter {

    private final Catalog catalog;
    private final RolloutCommits commits;
    private final RolloutDriver driver;
    private final RandomGenerator random;

    RolloutStarter(Catalog catalog, RolloutCommits commits, RolloutDriver driver, RandomGenerator random) {
        this.catalog = catalog;
        this.commits = commits;
        this.driver = driver;
        this.random = random;
    }

    /** @param how the rollout before gave way */
    private record Started(RolloutRecord row, boolean created, Optional<RolloutCommits.Committed> how) {}

    /** The id of the rollout; of one that was started before with the same key and request, that one's. */
    String start(RolloutStart start) {
        synchronized (driver) {
            Change change = driver.change(start.actor(), start.reason());
            String id = id();
            Optional<LiveRollout> live = driver.atWork(start.endpoint().value());
            Optional<LiveRollout.Counted> counted = live.map(LiveRollout::counted);
            Started started = catalog.write(tx -> start(tx, start, id, change, counted));
            live.filter(one -> started.how().isPresent()).ifPresent(gone -> {
                gone.written(started.how().orElseThrow().row(), counted.orElseThrow());
                driver.follow(gone, started.how().get());
                driver.end(gone);
            });
            if (started.created() && started.row().rollout().state().atWork()) {
                driver.adopt(started.row());
            }
            return started.row().rollout().id();
        }
    }

    private Started start(
            CatalogTransaction tx, RolloutStart start, String id, Change change, Optional<LiveRollout.Counted> live) {
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
        RolloutQueue.require(tx, start.endpoint(), current, candidate);
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
                        ? Progress.first(
                                RolloutState.QUEUED,
                                "It waits for rollout " + atWork.get().rollout().id() + " to end.")
                        : Progress.first(RolloutState.LOADING, "The candidate is being loaded."));
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
            CatalogTransaction tx, RolloutRecord row, Optional<LiveRollout.Counted> live, String by, Change change) {
        if (row.rollout().state() == RolloutState.ABORTING) {
            throw ProblemException.conflict(
                    "Rollout " + row.rollout().id() + " is being rolled back. Try again in a moment.");
        }
        Rollout now = live.map(LiveRollout.Counted::rollout).orElse(row.rollout());
        return commits.commit(
                tx,
                row,
                RolloutOrders.supersede(now, by),
                live.map(LiveRollout.Counted::ticks).orElse(List.of()),
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
    }

    private String id() {
        return "r-" + Long.toHexString(random.nextLong() | 1L << 63);
    }
}
