package io.modelward.gateway.route;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.Route;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Moves endpoints from version to version. The target is loaded and warm before anything changes; then one transaction
 * compares the revision with the one the decision was made on and inserts the next with its audit entry; then the
 * snapshot is swapped. When a move returns, the target serves.
 */
public final class Mover {

    private final Access access;
    private final Catalog catalog;
    private final ModelPool pool;
    private final RouteTable table;
    private final EndpointService endpoints;
    private final InstantSource clock;
    private final Failpoints failpoints;

    public Mover(
            Access access,
            Catalog catalog,
            ModelPool pool,
            RouteTable table,
            EndpointService endpoints,
            InstantSource clock,
            Failpoints failpoints) {
        this.access = access;
        this.catalog = catalog;
        this.pool = pool;
        this.table = table;
        this.endpoints = endpoints;
        this.clock = clock;
        this.failpoints = failpoints;
    }

    /**
     * What the move is decided on.
     *
     * @param current empty: there is no endpoint, so the move creates it
     * @param revision the last one; of a deleted endpoint too, since one that is created again goes on counting
     */
    private record Decided(
            Optional<RouteRevision> current,
            long revision,
            ServableVersion target,
            Signature contract,
            boolean contractChanged) {}

    /**
     * Moves, blocking until the target serves.
     *
     * @throws ProblemException NOT_FOUND; CONFLICT with what is current when another move came first; REFUSED when the
     *     target breaks the contract or cannot be loaded. The endpoint is unchanged then.
     */
    public EndpointView move(EndpointName endpoint, Move move) {
        access.require(Action.RELEASE, new Resource.Endpoint(endpoint.value()));
        move.model().ifPresent(model -> access.require(Action.READ, new Resource.Model(model)));
        Change change = move.actor().change(clock.instant(), move.reason());
        Decided decision = catalog.read(tx -> {
            requireNoRollout(tx, endpoint);
            return decide(tx, endpoint, move);
        });
        Object token = new Object();
        try {
            // Also when the target serves already: what failed to load is loaded again.
            LoadedModel target = pool.load(token, decision.target());
            awaitReady(target, endpoint, decision);
            if (decision.current().isPresent() && isThere(decision)) {
                return endpoints.find(endpoint);
            }
            Route route = new Route(
                    endpoint.value(), decision.revision() + 1, List.of(arm(decision.target())), decision.contract());
            RouteRevision row = RouteRevision.of(
                    route,
                    decision.current().isEmpty() ? Revisions.CREATE : move.cause(),
                    decision.contractChanged(),
                    Optional.empty(),
                    change);
            Endpoint endpointRow = catalog.write(tx -> commit(tx, endpoint, decision, row));
            table.publish(new EndpointSnapshot(
                    endpointRow.number(),
                    route,
                    new Contract(route.contract()),
                    table.arm(endpoint.value(), target, ArmRole.ACTIVE),
                    Optional.empty(),
                    previous(endpoint, target)));
            return endpoints.moved(endpointRow, row, decision.current().isEmpty());
        } finally {
            pool.hold(token, List.of());
        }
    }

    private Decided decide(CatalogTransaction tx, EndpointName name, Move move) {
        Optional<Endpoint> row = tx.routes().endpoint(name.value());
        if (row.isEmpty()) {
            if (move.model().isEmpty()) {
                EndpointService.require(tx.routes(), name);
            }
            if (move.expectedRevision().orElse(0) != 0) {
                throw ProblemException.conflict(
                        "There is no endpoint " + name + " yet, so it has no revision to expect.");
            }
            requireFree(tx, name);
            ServableVersion target = ServableVersion.of(VersionResolver.resolve(
                            tx, move.model().orElseThrow(), move.version().orElseThrow()))
                    .evaluated(move.evaluate().orElse(true));
            // A deletion of the endpoint lifts no quarantine.
            Revisions.requireNotQuarantined(tx, name, target);
            long last = tx.routes().known(name.value()).map(Endpoint::revision).orElse(0L);
            return new Decided(Optional.empty(), last, target, target.signature(), false);
        }
        RouteRevision current =
                tx.routes().revision(name.value(), row.get().revision()).orElseThrow();
        Arm active = current.active();
        Signature contract = current.contract();
        boolean evaluate = move.evaluate().orElse(active.evaluate());
        if (isRepeated(move, current)) {
            ServableVersion there = ServableVersion.of(tx, active).evaluated(evaluate);
            return new Decided(Optional.of(current), current.revision(), there, contract, false);
        }
        requireExpected(tx, move, current);
        if (move.version().isEmpty()) {
            RouteRevision before = LiveHistory.of(tx, name).before(name);
            ServableVersion target = ServableVersion.of(tx, before.active()).evaluated(evaluate);
            requireThere(tx, name, target);
            // The contract that callers had then comes back with the version.
            Signature then = before.contract();
            return new Decided(Optional.of(current), current.revision(), target, then, !then.equals(contract));
        }
        ServableVersion target = ServableVersion.of(
                        tx, move.model(), active, move.version().get())
                .evaluated(evaluate);
        if (!move.changeContract()) {
            Revisions.requireCompatible(name, contract, target, "version");
        }
        Revisions.requireNotQuarantined(tx, name, target);
        Signature next = move.changeContract() ? target.signature() : contract;
        return new Decided(Optional.of(current), current.revision(), target, next, !next.equals(contract));
    }

    /**
     * Whether the caller asks again for what the current revision is: an answer was lost, and doing it twice would undo
     * a rollback. The expected revision tells; a caller who expects none is taken at their word.
     */
    private static boolean isRepeated(Move move, RouteRevision current) {
        return move.expectedRevision().isPresent()
                && move.expectedRevision().getAsLong() == current.revision() - 1
                && current.cause().equals(move.cause())
                && current.change().actor().equals(move.actor().name())
                && current.change().reason().equals(move.reason())
                && move.version()
                        .map(version -> version.toString()
                                .equals(current.active().version().toString()))
                        .orElse(true);
    }

    private static boolean isThere(Decided decision) {
        return serves(decision.current().orElseThrow().active(), decision.target()) && !decision.contractChanged();
    }

    private static boolean serves(Arm arm, ServableVersion version) {
        return arm.serves(arm(version)) && arm.evaluate() == version.evaluate();
    }

    private static void requireExpected(CatalogTransaction tx, Move move, RouteRevision current) {
        if (move.expectedRevision().isPresent() && move.expectedRevision().getAsLong() != current.revision()) {
            throw Revisions.changed(tx, current);
        }
    }

    private static void awaitReady(LoadedModel target, EndpointName endpoint, Decided decision) {
        try {
            target.running().ready().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof ProblemException cause) {
                Problem problem = cause.problem();
                ProblemType type = problem.type() == ProblemType.INTERNAL ? ProblemType.INTERNAL : ProblemType.REFUSED;
                Problem told = new Problem(
                        type,
                        target.version().reference() + " cannot serve, and endpoint " + endpoint
                                + (decision.current().isPresent() ? " is unchanged. " : " was not created. ")
                                + problem.detail(),
                        Optional.of("version"),
                        problem.extra());
                throw told.exception();
            }
            throw failed;
        }
    }

    private Endpoint commit(CatalogTransaction tx, EndpointName name, Decided decision, RouteRevision row) {
        requireNoRollout(tx, name);
        requireThere(tx, name, decision.target());
        if (decision.current().isEmpty()) {
            requireFree(tx, name);
            Revisions.requireNotQuarantined(tx, name, decision.target());
        }
        Endpoint moved = Revisions.insert(
                tx,
                row,
                decision.revision(),
                "endpoint." + row.cause(),
                row.active(),
                Json.object().put("contract_changed", row.contractChanged()));
        failpoints.pass("route.after-audit");
        return moved;
    }

    /** A new endpoint has no name that people would take for another's. */
    private static void requireFree(CatalogTransaction tx, EndpointName name) {
        tx.routes().endpoints().stream()
                .map(Endpoint::endpoint)
                .filter(other -> !other.equals(name.value())
                        && EndpointName.parse(other).skeleton().equals(name.skeleton()))
                .findFirst()
                .ifPresent(other -> {
                    // The other one may be one that the caller may not see.
                    throw Problem.field(
                                    ProblemType.CONFLICT,
                                    "endpoint",
                                    "There is an endpoint already that people would take " + name
                                            + " for. Choose another name.")
                            .exception()
                            .naming(Problem.field(
                                            ProblemType.CONFLICT,
                                            "endpoint",
                                            "There is an endpoint " + other + " already, and people would take " + name
                                                    + " for it. Use that one, or choose another name.")
                                    .with("in_the_way", other));
                });
    }

    /** A version that was deleted does not begin to serve, also when it is deleted while it is loaded for that. */
    private static void requireThere(CatalogTransaction tx, EndpointName name, ServableVersion target) {
        new PresentNames(tx).deletedAt(target.modelId(), target.version()).ifPresent(at -> {
            throw Problem.of(
                            ProblemType.CONFLICT,
                            target.reference() + " was deleted at " + at + ", so endpoint " + name
                                    + " cannot go to it. Flip the endpoint to a version that is there.")
                    .with("deleted_at", at.toString())
                    .exception();
        });
    }

    private static void requireNoRollout(CatalogTransaction tx, EndpointName name) {
        tx.rollouts().atWork(name.value()).ifPresent(row -> {
            throw Problem.of(
                            ProblemType.CONFLICT,
                            "Rollout " + row.rollout().id() + " is moving endpoint " + name
                                    + ". Promote or abort it first.")
                    .with("rollout", row.rollout().id())
                    .exception();
        });
    }

    private Optional<LoadedModel> previous(EndpointName endpoint, LoadedModel target) {
        EndpointSnapshot now = table.get(endpoint.value());
        if (now == null) {
            return Optional.empty();
        }
        return now.active().model() == target
                ? now.previous()
                : Optional.of(now.active().model());
    }

    private static Arm arm(ServableVersion version) {
        return new Arm(version.ref(), Route.WHOLE, ArmRole.ACTIVE, version.evaluate());
    }

    /**
     * A wish to move all traffic of an endpoint.
     *
     * @param cause flip or rollback; the first move of an endpoint creates it
     * @param model empty: the model that serves now
     * @param version empty: the version that served before
     * @param expectedRevision the revision that the caller believes is current
     * @param changeContract whether callers' contract may change with it
     * @param evaluate whether the server may evaluate the endpoint's versions itself; empty: as it was
     */
    public record Move(
            String cause,
            Optional<ModelName> model,
            Optional<Selector> version,
            OptionalLong expectedRevision,
            boolean changeContract,
            Optional<Boolean> evaluate,
            Actor actor,
            String reason) {

        /** A move that leaves who computes as it was. */
        public Move(
                String cause,
                Optional<ModelName> model,
                Optional<Selector> version,
                OptionalLong expectedRevision,
                boolean changeContract,
                Actor actor,
                String reason) {
            this(cause, model, version, expectedRevision, changeContract, Optional.empty(), actor, reason);
        }
    }
}
