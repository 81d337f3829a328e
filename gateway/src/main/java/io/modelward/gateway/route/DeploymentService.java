package io.modelward.gateway.route;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says where the versions of a model serve and served. */
public final class DeploymentService {

    /** Of an endpoint's history, the revisions that are looked at, newest first. */
    private static final int MOST_REVISIONS = 1000;

    private final Access access;
    private final Catalog catalog;

    public DeploymentService(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /**
     * A time in which an endpoint sent requests to a version.
     *
     * @param version its number
     * @param role as active version, or as the candidate of a rollout
     * @param to empty: it does now
     * @param revision the route revision with which it began
     */
    public record Deployment(
            String endpoint, String version, ArmRole role, Instant from, Optional<Instant> to, long revision) {}

    /** Where the versions of a model served, as far as the caller may see the endpoints; the latest first. */
    public List<Deployment> of(ModelName model) {
        access.require(Action.READ, new Resource.Model(model));
        // Asked before the catalog is read: decisions look into the catalog themselves.
        Set<String> shown = catalog.read(tx -> tx.routes().endpoints()).stream()
                .map(Endpoint::endpoint)
                .filter(name -> access.allows(Action.READ, new Resource.Endpoint(name)))
                .collect(Collectors.toSet());
        return catalog.read(tx -> {
            List<Deployment> found = new ArrayList<>();
            for (String endpoint : shown) {
                found.addAll(at(tx, endpoint, model));
            }
            found.sort(Comparator.comparing(Deployment::from).reversed());
            return List.copyOf(found);
        });
    }

    private static List<Deployment> at(CatalogTransaction tx, String endpoint, ModelName model) {
        PresentNames names = new PresentNames(tx);
        List<RouteRevision> revisions =
                tx.routes().revisions(endpoint, Long.MAX_VALUE, MOST_REVISIONS).reversed();
        List<Deployment> open = new ArrayList<>();
        List<Deployment> done = new ArrayList<>();
        for (RouteRevision revision : revisions) {
            Instant at = revision.change().at();
            List<Deployment> goOn = new ArrayList<>();
            for (Arm arm : revision.arms()) {
                Arm now = names.of(arm);
                if (now.model().equals(model) && arm.weight() > 0) {
                    String version = now.version().toString();
                    goOn.add(open.stream()
                            .filter(one -> one.version().equals(version) && one.role() == arm.role())
                            .findFirst()
                            .orElseGet(() -> new Deployment(
                                    endpoint, version, arm.role(), at, Optional.empty(), revision.revision())));
                }
            }
            open.stream()
                    .filter(one -> !goOn.contains(one))
                    .map(one -> new Deployment(
                            one.endpoint(), one.version(), one.role(), one.from(), Optional.of(at), one.revision()))
                    .forEach(done::add);
            open = goOn;
        }
        done.addAll(open);
        return done;
    }
}
