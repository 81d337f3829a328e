package io.modelward.gateway.route;

import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The current snapshot of every endpoint. Readers make one volatile read; a change makes a new map. */
public final class RouteTable {

    private final ModelPool pool;
    private volatile Map<String, EndpointSnapshot> snapshots = Map.of();

    public RouteTable(ModelPool pool) {
        this.pool = pool;
    }

    /** The snapshot that serves now, or null when there is no such endpoint. */
    public @Nullable EndpointSnapshot get(String endpoint) {
        return snapshots.get(endpoint);
    }

    public Collection<EndpointSnapshot> all() {
        return snapshots.values();
    }

    /**
     * Puts a snapshot in place unless a newer revision is there already: answers of the catalog may arrive out of order. Models that it
     * does not hold any more end after their last request.
     */
    public synchronized void publish(EndpointSnapshot snapshot) {
        EndpointSnapshot now = snapshots.get(snapshot.endpoint());
        if (now != null && now.route().revision() > snapshot.route().revision()) {
            return;
        }
        put(snapshot);
        pool.hold(snapshot.endpoint(), snapshot.held());
    }

    /**
     * Gives all requests of an endpoint to its active version, in this process, at once, without asking anybody. The candidate stays loaded
     * until a revision without it is published.
     */
    public synchronized void withdraw(String endpoint) {
        EndpointSnapshot now = snapshots.get(endpoint);
        if (now != null && now.candidate().isPresent()) {
            put(now.withdrawn());
        }
    }

    /** What is known of a version that is, or becomes, the endpoint's active one. */
    public RecentRequests recent(String endpoint, LoadedModel active) {
        EndpointSnapshot now = snapshots.get(endpoint);
        return now != null && now.active() == active ? now.recent() : new RecentRequests();
    }

    private void put(EndpointSnapshot snapshot) {
        Map<String, EndpointSnapshot> next = new HashMap<>(snapshots);
        next.put(snapshot.endpoint(), snapshot);
        snapshots = Map.copyOf(next);
    }
}
