package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Progress;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutRules;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.Arm;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.Revisions;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rollouts that wait for the one at work. Guarded by the driver. */
final class RolloutQueue {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutQueue.class);

    private final Catalog catalog;
    /** Endpoints where a rollout may wait although none is at work. */
    private final Set<String> freed = new LinkedHashSet<>();

    RolloutQueue(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Nothing is at work on the endpoint any more. */
    void freed(String endpoint) {
        freed.add(endpoint);
    }

    /** Begins what waits where nothing is at work. What fails, or was cut off by the end of the process, is tried again. */
    void begin(Change change, Consumer<RolloutRecord> begun) {
        for (String endpoint : List.copyOf(freed)) {
            try {
                next(endpoint, change).ifPresent(begun);
                freed.remove(endpoint);
            } catch (RuntimeException failure) {
                LOG.warn(
                        "what waits for endpoint {} could not begin and is tried again: {}",
                        endpoint,
                        failure.toString());
            }
        }
    }

    /** Starts the one that has waited longest; those that have become pointless or impossible meanwhile end. */
    private Optional<RolloutRecord> next(String endpoint, Change change) {
        return catalog.write(tx -> {
            while (tx.rollouts().atWork(endpoint).isEmpty()) {
                Optional<RolloutRecord> waiting = tx.rollouts().firstQueued(endpoint);
                if (waiting.isEmpty()) {
                    return Optional.empty();
                }
                start(tx, waiting.get(), change);
            }
            return tx.rollouts().atWork(endpoint);
        });
    }

    /** Ends those whose candidate was deleted; they need not wait for their turn to hear it. */
    void cancelDeleted(Change change) {
        if (catalog.read(tx -> waitsForDeleted(tx).isEmpty())) {
            return;
        }
        catalog.write(tx -> {
            waitsForDeleted(tx)
                    .forEach(row -> enter(
                            tx,
                            row,
                            RolloutRules.deleted(
                                            row.rollout(),
                                            LiveRollouts.deleted(tx, row.rollout())
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
                .filter(row -> LiveRollouts.deleted(tx, row.rollout()).isPresent())
                .toList();
    }

    private static void start(CatalogTransaction tx, RolloutRecord row, Change change) {
        EndpointName endpoint = EndpointName.parse(row.rollout().endpoint());
        RouteRevision current = Revisions.current(tx, endpoint);
        Arm active = current.active();
        Rollout queued = row.rollout();
        RolloutState state = RolloutState.LOADING;
        String words = "The candidate is being loaded.";
        try {
            LiveRollouts.deleted(tx, queued).ifPresent(why -> {
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
                Progress.first(state, words));
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
                                .put("what", next.progress().reason()));
    }

    /** @throws ProblemException when the version cannot be rolled out now: it serves already, breaks the contract, or was rolled back */
    static void require(
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
