package io.modelward.gateway.route;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.EndpointDeletion;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.EndpointName;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes endpoints: callers find the name no more, and the workers that nobody else needs end after their last
 * request. Revisions, decision records and rollouts are kept, so that what answered a prediction is traced as before.
 * An endpoint that is created again under the name goes on with the next revision, and does not go back to a version
 * from before the deletion.
 */
public final class EndpointRemover {

    private final Access access;
    private final Catalog catalog;
    private final RouteTable table;
    private final InstantSource clock;

    public EndpointRemover(Access access, Catalog catalog, RouteTable table, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.table = table;
        this.clock = clock;
    }

    /**
     * Deletes the endpoint.
     *
     * @param expectedRevision the revision that the caller believes is current; empty: any
     * @throws ProblemException NOT_FOUND; CONFLICT when the current revision is another, or a rollout of the endpoint
     *     has not ended
     */
    public void delete(EndpointName name, OptionalLong expectedRevision, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Endpoint(name.value()));
        Change change = actor.change(clock.instant(), reason);
        Deleted deletion = catalog.write(tx -> {
            Optional<Endpoint> there = tx.routes().endpoint(name.value());
            if (there.isEmpty()) {
                return before(tx, name);
            }
            Endpoint endpoint = there.get();
            RouteRevision current =
                    tx.routes().revision(name.value(), endpoint.revision()).orElseThrow();
            if (expectedRevision.isPresent() && expectedRevision.getAsLong() != endpoint.revision()) {
                throw Revisions.changed(tx, current);
            }
            requireNoRollout(tx, name);
            EndpointDeletion deleted = new EndpointDeletion(name.value(), endpoint.revision(), change);
            tx.routes().delete(deleted);
            tx.audit()
                    .append(
                            change,
                            "endpoint.delete",
                            "endpoint:" + name,
                            Json.object()
                                    .put("revision", endpoint.revision())
                                    .put("model", current.active().model().toString())
                                    .put("version", current.active().version().toString()));
            return new Deleted(endpoint.revision(), true);
        });
        table.remove(name.value(), deletion.revision());
        if (!deletion.now()) {
            throw catalog.read(tx -> EndpointService.missing(tx.routes(), name));
        }
    }

    /**
     * That an endpoint is deleted.
     *
     * @param revision the last one before the deletion
     * @param now whether this call deleted the endpoint
     */
    private record Deleted(long revision, boolean now) {}

    /**
     * An earlier deletion. It may have been kept although the answer of the catalog was lost, and then the endpoint is
     * still in the table.
     */
    private static Deleted before(CatalogTransaction tx, EndpointName name) {
        List<EndpointDeletion> deletions = tx.routes().deletions(name.value());
        if (deletions.isEmpty()) {
            throw EndpointService.missing(tx.routes(), name);
        }
        return new Deleted(deletions.getLast().revision(), false);
    }

    /** Also one that waits for its turn. */
    private static void requireNoRollout(CatalogTransaction tx, EndpointName name) {
        for (RolloutRecord row : tx.rollouts().open()) {
            if (row.rollout().endpoint().equals(name.value())) {
                throw Problem.of(
                                ProblemType.CONFLICT,
                                "Rollout " + row.rollout().id() + " of endpoint " + name
                                        + " has not ended. Promote or abort it first.")
                        .with("rollout", row.rollout().id())
                        .exception();
            }
        }
    }
}
