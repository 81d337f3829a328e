package io.modelward.gateway.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.route.ArmRole;
import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot.ServingArm;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The current snapshot of every endpoint. Readers make one volatile read; a change makes a new map. */
public final class RouteTable {

    private final ModelPool pool;
    private final ArmMetrics metrics;
    private volatile Map<String, EndpointSnapshot> snapshots = Map.of();
    /**
     * The last revision of each endpoint that was deleted: a late answer of the catalog does not bring the endpoint
     * back.
     */
    @GuardedBy("this")
    private final Map<String, Long> deleted = new HashMap<>();

    public RouteTable(ModelPool pool, ArmMetrics metrics) {
        this.pool = pool;
        this.metrics = metrics;
        pool.names().follow(metrics::renamed);
    }

    /** The snapshot that serves now, or null when there is no such endpoint. */
    public @Nullable EndpointSnapshot get(String endpoint) {
        return snapshots.get(endpoint);
    }

    /** The names of the endpoints that serve. */
    public Set<String> names() {
        return snapshots.keySet();
    }

    public Collection<EndpointSnapshot> all() {
        return snapshots.values();
    }

    /**
     * Puts a snapshot in place unless a newer revision is there already: answers of the catalog may arrive out of
     * order. Models that it does not hold any more end after their last request.
     */
    public synchronized void publish(EndpointSnapshot snapshot) {
        EndpointSnapshot now = snapshots.get(snapshot.endpoint());
        if (now != null && now.route().revision() > snapshot.route().revision()) {
            metrics.forget(snapshot, now);
            return;
        }
        if (deleted.getOrDefault(snapshot.endpoint(), -1L) >= snapshot.route().revision()) {
            metrics.forget(snapshot);
            return;
        }
        put(metrics.counted(snapshot));
        pool.hold(snapshot.endpoint(), snapshot.held());
        if (now != null) {
            metrics.forget(now, snapshot);
        }
    }

    /**
     * Gives all requests of an endpoint to its active version, in this process, at once, without asking anybody. The
     * candidate stays loaded until a revision without it is published.
     *
     * @return the candidates with their split, if there were any
     */
    public synchronized Optional<EndpointSnapshot.OnTrial> withdraw(String endpoint) {
        EndpointSnapshot now = snapshots.get(endpoint);
        if (now == null || now.trial().isEmpty()) {
            return Optional.empty();
        }
        put(now.withdrawn());
        return now.trial();
    }

    /**
     * Takes a deleted endpoint away, unless the endpoint was created again. Its models end after their last request,
     * unless another endpoint holds them.
     *
     * @param revision the last revision before the deletion
     */
    public synchronized void remove(String endpoint, long revision) {
        deleted.merge(endpoint, revision, Math::max);
        EndpointSnapshot now = snapshots.get(endpoint);
        if (now == null || now.route().revision() > revision) {
            return;
        }
        Map<String, EndpointSnapshot> next = new HashMap<>(snapshots);
        next.remove(endpoint);
        snapshots = Map.copyOf(next);
        pool.hold(endpoint, List.of());
        metrics.forget(now);
    }

    /** Keeps no version loaded to go back to that was deleted: an endpoint does not go to it. */
    public synchronized void letGo(Predicate<ServableVersion> deleted) {
        for (EndpointSnapshot now : snapshots.values()) {
            if (now.previous().map(LoadedModel::version).filter(deleted).isPresent()) {
                publish(now.withoutPrevious());
            }
        }
    }

    /** A model as an arm of the endpoint, with what is known of it if it serves there already. */
    public ServingArm arm(String endpoint, LoadedModel model, ArmRole role) {
        EndpointSnapshot now = snapshots.get(endpoint);
        RecentRequests recent = now == null
                ? new RecentRequests()
                : Stream.concat(Stream.of(now.active()), now.candidates().stream())
                        .filter(arm -> arm.model() == model)
                        .findFirst()
                        .map(ServingArm::recent)
                        .orElseGet(RecentRequests::new);
        return new ServingArm(model, recent, metrics.arm(endpoint, model, role));
    }

    private void put(EndpointSnapshot snapshot) {
        Map<String, EndpointSnapshot> next = new HashMap<>(snapshots);
        next.put(snapshot.endpoint(), snapshot);
        snapshots = Map.copyOf(next);
    }
}
