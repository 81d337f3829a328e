package io.modelward.gateway.route;

import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServedVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
        Map<String, EndpointSnapshot> next = new HashMap<>(snapshots);
        next.put(snapshot.endpoint(), snapshot);
        snapshots = Map.copyOf(next);
        List<ServedVersion> held = new ArrayList<>();
        held.add(snapshot.active().version());
        snapshot.previous().ifPresent(previous -> held.add(previous.version()));
        pool.hold(snapshot.endpoint(), held);
    }
}
