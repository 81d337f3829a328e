package io.modelward.gateway.route;

import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServedVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The current snapshot of every endpoint. Readers make one volatile read; a change makes a new map. */
public final class RouteTable {

    private static final String ACTIVE = "active";

    private final ModelPool pool;
    private final ServingMetrics metrics;
    private volatile Map<String, EndpointSnapshot> snapshots = Map.of();

    public RouteTable(ModelPool pool, ServingMetrics metrics) {
        this.pool = pool;
        this.metrics = metrics;
    }

    /** The snapshot that serves now, or null when there is no such endpoint. */
    public @Nullable EndpointSnapshot get(String endpoint) {
        return snapshots.get(endpoint);
    }

    /** What counts the answers of a version that is to be an endpoint's active one. */
    ServingMetrics.Arm metrics(String endpoint, LoadedModel active) {
        ServedVersion version = active.version();
        return metrics.arm(
                endpoint, version.model().toString(), version.version().toString(), ACTIVE);
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
            forget(snapshot, now);
            return;
        }
        Map<String, EndpointSnapshot> next = new HashMap<>(snapshots);
        // Asked for again: a move in between may have dropped the version, and with it the series that this snapshot
        // came with.
        next.put(snapshot.endpoint(), snapshot.countedBy(metrics(snapshot.endpoint(), snapshot.active())));
        snapshots = Map.copyOf(next);
        pool.hold(snapshot.endpoint(), held(snapshot));
        if (now != null) {
            forget(now, snapshot);
        }
    }

    private static List<ServedVersion> held(EndpointSnapshot snapshot) {
        List<ServedVersion> held = new ArrayList<>();
        held.add(snapshot.active().version());
        snapshot.previous().ifPresent(previous -> held.add(previous.version()));
        return held;
    }

    /** Drops the series of versions that only the snapshot that is gone had; else each move would leave some for good. */
    private void forget(EndpointSnapshot gone, EndpointSnapshot stays) {
        Set<String> kept = new HashSet<>();
        held(stays).forEach(version -> kept.add(version.reference()));
        for (ServedVersion version : held(gone)) {
            if (!kept.contains(version.reference())) {
                metrics.forget(
                        gone.endpoint(),
                        version.model().toString(),
                        version.version().toString(),
                        ACTIVE);
            }
        }
    }
}
