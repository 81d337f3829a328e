package io.modelward.gateway.route;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.search.Nearest;
import io.modelward.core.version.EndpointName;
import io.modelward.registry.Page;
import io.modelward.runtime.ModelInfo;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Endpoints and their history, for reading. */
public final class EndpointService {

    private final Access access;
    private final Catalog catalog;
    private final RouteTable table;

    public EndpointService(Access access, Catalog catalog, RouteTable table) {
        this.access = access;
        this.catalog = catalog;
        this.table = table;
    }

    public List<EndpointView> list() {
        access.requireSome(Action.READ);
        // One that is made after this look was not asked about, so it is left out.
        Set<String> shown = catalog.read(tx -> tx.routes().endpoints()).stream()
                .map(Endpoint::endpoint)
                .filter(name -> access.allows(Action.READ, new Resource.Endpoint(name)))
                .collect(Collectors.toSet());
        return catalog.read(tx -> {
            PresentNames names = new PresentNames(tx);
            return tx.routes().endpoints().stream()
                    .filter(row -> shown.contains(row.endpoint()))
                    .map(row -> view(
                            row,
                            names.of(tx.routes()
                                    .revision(row.endpoint(), row.revision())
                                    .orElseThrow()),
                            false))
                    .toList();
        });
    }

    public EndpointView get(EndpointName name) {
        access.require(Action.READ, new Resource.Endpoint(name.value()));
        return find(name);
    }

    EndpointView find(EndpointName name) {
        return catalog.read(tx -> {
            Endpoint row = require(tx.routes(), name);
            RouteRevision revision =
                    tx.routes().revision(row.endpoint(), row.revision()).orElseThrow();
            return view(row, new PresentNames(tx).of(revision), false);
        });
    }

    /** Revisions below {@code before}, newest first. */
    public Page<RevisionView> revisions(EndpointName name, long before, int size) {
        access.require(Action.READ, new Resource.Endpoint(name.value()));
        return catalog.read(tx -> {
            require(tx.routes(), name);
            PresentNames names = new PresentNames(tx);
            return Page.of(
                    tx.routes().revisions(name.value(), before, size + 1).stream()
                            .map(names::of)
                            .toList(),
                    size,
                    revision -> Long.toString(revision.revision()));
        });
    }

    /**
     * The revision that a rollback would go back to now.
     *
     * @throws ProblemException REFUSED when there is none, with the versions that served
     */
    public RevisionView before(EndpointName name) {
        access.require(Action.READ, new Resource.Endpoint(name.value()));
        return catalog.read(tx -> {
            require(tx.routes(), name);
            return new PresentNames(tx).of(LiveHistory.of(tx, name).before(name));
        });
    }

    /** The endpoint as a move just left it. */
    EndpointView moved(Endpoint row, RouteRevision revision, boolean created) {
        return view(row, catalog.read(tx -> new PresentNames(tx).of(revision)), created);
    }

    private EndpointView view(Endpoint row, RevisionView revision, boolean created) {
        EndpointSnapshot snapshot = table.get(row.endpoint());
        return new EndpointView(
                row,
                revision,
                snapshot == null
                        ? Optional.empty()
                        : Optional.of(snapshot.active().model().running().info()),
                created);
    }

    static Endpoint require(Routes routes, EndpointName name) {
        return routes.endpoint(name.value()).orElseThrow(() -> missing(routes, name));
    }

    static ProblemException missing(Routes routes, EndpointName name) {
        List<String> known = routes.endpoints().stream().map(Endpoint::endpoint).toList();
        ProblemException missing = new Resource.Endpoint(name.value()).missing();
        return Nearest.of(name.value(), known)
                .map(near -> missing.guessing("There is no endpoint " + name + ". Did you mean " + near + "?"))
                .orElse(missing);
    }

    /**
     * An endpoint as people see it.
     *
     * @param model the state of the active version; empty while it is not known yet
     * @param created whether this call made it
     */
    public record EndpointView(Endpoint endpoint, RevisionView revision, Optional<ModelInfo> model, boolean created) {}
}
