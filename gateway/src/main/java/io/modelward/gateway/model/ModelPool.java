package io.modelward.gateway.model;

import io.modelward.registry.version.VersionService;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.RunningModel;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The versions in memory, each at most once, whoever serves it. A version stays while someone holds it: an endpoint by {@link #hold},
 * a request by its lease.
 */
public final class ModelPool implements AutoCloseable {

    private final ModelRuntime runtime;
    private final VersionService versions;
    /** Guarded by this. */
    private final Map<String, LoadedModel> models = new HashMap<>();
    /** Who wants which versions to stay; guarded by this. */
    private final Map<Object, Set<String>> holders = new HashMap<>();

    public ModelPool(ModelRuntime runtime, VersionService versions) {
        this.runtime = runtime;
        this.versions = versions;
    }

    /**
     * The version, starting to load it when it is not here, for a holder who adds it to what it holds. One that failed before is tried
     * again.
     *
     * @throws io.modelward.core.problem.ProblemException when no runtime can run it
     */
    public synchronized LoadedModel load(Object holder, ServedVersion version) {
        String key = key(version);
        LoadedModel present = models.get(key);
        if (present != null && present.running().info().state() == ModelInfo.State.FAILED) {
            models.remove(key);
            present.lease().retire();
            present = null;
        }
        if (present == null) {
            RunningModel running = runtime.start(version.source(versions::open));
            present = new LoadedModel(version, running, new Lease(running::close));
            models.put(key, present);
        }
        holders.computeIfAbsent(holder, unused -> new HashSet<>()).add(key);
        return present;
    }

    /** From now on this holder wants exactly these to stay; what nobody wants is retired, and ends after its last request. */
    public synchronized void hold(Object holder, Collection<ServedVersion> wanted) {
        Set<String> keys = new HashSet<>();
        wanted.forEach(version -> keys.add(key(version)));
        holders.put(holder, keys);
        Set<String> held = new HashSet<>();
        holders.values().forEach(held::addAll);
        models.entrySet().removeIf(entry -> {
            boolean retire = !held.contains(entry.getKey());
            if (retire) {
                entry.getValue().lease().retire();
            }
            return retire;
        });
    }

    /** All that are here. */
    public synchronized List<LoadedModel> all() {
        return List.copyOf(models.values());
    }

    private static String key(ServedVersion version) {
        return version.id() + "@" + version.version() + " " + version.digest();
    }

    @Override
    public synchronized void close() {
        models.values().forEach(model -> model.running().close());
        models.clear();
    }
}
