package io.modelward.gateway.route;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.Route;
import io.modelward.core.route.RouteRevision;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.registry.version.VersionResolver;
import io.modelward.runtime.ModelInfo;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings all endpoints back after a start: their current revisions at once, their models in the background. */
public final class RouteRestorer {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRestorer.class);

    private final Catalog catalog;
    private final ModelPool pool;
    private final RouteTable table;

    public RouteRestorer(Catalog catalog, ModelPool pool, RouteTable table) {
        this.catalog = catalog;
        this.pool = pool;
        this.table = table;
    }

    private record Restored(Endpoint row, Route route, ServableVersion active, Optional<ServableVersion> previous) {}

    /** Publishes every endpoint's snapshot; its models may still be loading when this returns. */
    public void restore() {
        List<Restored> all = catalog.read(tx -> tx.routes().endpoints().stream()
                .map(row -> tryToRead(tx, row))
                .flatMap(Optional::stream)
                .toList());
        List<EndpointSnapshot> snapshots = new ArrayList<>();
        for (Restored endpoint : all) {
            Optional<LoadedModel> active = tryToLoad(endpoint, endpoint.active(), "does not serve");
            if (active.isEmpty()) {
                continue;
            }
            snapshots.add(new EndpointSnapshot(
                    endpoint.row().number(),
                    endpoint.route(),
                    new Contract(endpoint.route().contract()),
                    table.arm(endpoint.row().endpoint(), active.get(), ArmRole.ACTIVE),
                    Optional.empty(),
                    endpoint.previous()
                            .flatMap(version -> tryToLoad(endpoint, version, "keeps no previous version ready"))));
        }
        snapshots.forEach(table::publish);
        pool.hold(this, List.of());
    }

    /**
     * One endpoint that cannot be brought back, since what it names is not there, is no reason to keep all others away.
     */
    private static Optional<Restored> tryToRead(CatalogTransaction tx, Endpoint row) {
        try {
            return Optional.of(read(tx, row));
        } catch (RuntimeException damaged) {
            LOG.error(
                    "endpoint {} does not serve: {} Run modelward verify, or move the endpoint to another version.",
                    row.endpoint(),
                    damaged instanceof ProblemException known
                            ? known.problem().detail()
                            : "its rows in the catalog cannot be read.");
            return Optional.empty();
        }
    }

    /** What cannot even begin to load, such as a version that no runtime runs now, stops no start of the server. */
    private Optional<LoadedModel> tryToLoad(Restored endpoint, ServableVersion version, String effect) {
        try {
            return Optional.of(pool.load(this, version));
        } catch (RuntimeException refused) {
            LOG.error(
                    "endpoint {} {}: {} cannot be loaded. {}",
                    endpoint.row().endpoint(),
                    effect,
                    version.reference(),
                    refused instanceof ProblemException known ? known.problem().detail() : refused.toString());
            return Optional.empty();
        }
    }

    private static Restored read(CatalogTransaction tx, Endpoint row) {
        List<RouteRevision> revisions = Revisions.sinceCreation(tx, row.endpoint());
        RouteRevision current = revisions.getLast();
        Arm active = current.active();
        Optional<ServableVersion> previous = revisions.reversed().stream()
                .map(RouteRevision::active)
                .filter(arm -> !arm.serves(active))
                .findFirst()
                .map(arm -> VersionResolver.kept(tx, arm.modelId(), arm.model(), arm.version()))
                .filter(PublishedVersion::active)
                .map(ServableVersion::of)
                .map(version -> version.evaluated(active.evaluate()));
        return new Restored(row, current.route(), ServableVersion.of(tx, active), previous);
    }

    /**
     * The endpoints whose active version is still loading. One that failed is not waited for: it would keep all others
     * waiting.
     */
    public List<String> loading() {
        return table.all().stream()
                .filter(snapshot -> snapshot.active().model().running().info().state() == ModelInfo.State.LOADING)
                .map(EndpointSnapshot::endpoint)
                .sorted()
                .toList();
    }
}
