package io.modelward.gateway.model;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.registry.version.VersionLookup;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.RunningModel;
import io.modelward.runtime.ServedBy;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The versions in memory, each at most once, whoever serves it; twice where one endpoint has the server evaluate a
 * version and another keeps the version in its worker. A version stays while someone holds it: an endpoint by
 * {@link #hold}, a request by its lease.
 */
public final class ModelPool implements AutoCloseable {

    private final ModelRuntime runtime;
    private final VersionLookup versions;

    private static final int MOST_REMEMBERED = 20_000;

    /** Who computed each version when it was last loaded, by key; the eldest go first. */
    private final Map<String, ServedBy> served = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServedBy> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    @GuardedBy("this")
    private final Map<String, LoadedModel> models = new HashMap<>();
    /** The versions that each holder wants to stay. */
    @GuardedBy("this")
    private final Map<Object, Set<String>> holders = new HashMap<>();

    private final LiveNames names;

    public ModelPool(ModelRuntime runtime, VersionLookup versions) {
        this.runtime = runtime;
        this.versions = versions;
        this.names = new LiveNames(versions, this::all);
    }

    /** The names of the versions that are here. */
    public LiveNames names() {
        return names;
    }

    /**
     * The version, starting to load it when it is not here, for a holder who adds it to what it holds. One that failed
     * before is started anew, for all who hold it.
     *
     * @throws io.modelward.core.problem.ProblemException when no runtime can run it
     */
    public LoadedModel load(Object holder, ServableVersion version) {
        LoadedModel loaded = keep(holder, version);
        // A rename that was committed since the version was read did not find it here.
        names.look(List.of(version.modelId()));
        return loaded;
    }

    private synchronized LoadedModel keep(Object holder, ServableVersion version) {
        String key = key(version);
        LoadedModel present = models.get(key);
        if (present == null) {
            present = new LoadedModel(version, start(version));
            models.put(key, present);
        } else if (hasFailed(present)) {
            present.replace(start(version));
        }
        holders.computeIfAbsent(holder, _ -> new HashSet<>()).add(key);
        return present;
    }

    private RunningModel start(ServableVersion version) {
        RunningModel running = runtime.start(version.source(versions::open));
        String key = key(version);
        var _ = running.ready().thenAccept(info -> served.put(key, info.served()));
        return running;
    }

    static boolean hasFailed(LoadedModel model) {
        return model.running().info().state() == ModelInfo.State.FAILED;
    }

    /**
     * From now on this holder wants exactly these to stay; what nobody wants is retired, and ends after its last
     * request.
     */
    public synchronized void hold(Object holder, Collection<ServableVersion> wanted) {
        Set<String> keys = new HashSet<>();
        wanted.forEach(version -> keys.add(key(version)));
        Set<String> before = keys.isEmpty() ? holders.remove(holder) : holders.put(holder, keys);
        if (before == null || keys.containsAll(before)) {
            return;
        }
        Set<String> held = new HashSet<>();
        holders.values().forEach(held::addAll);
        before.removeAll(held);
        for (String key : before) {
            LoadedModel unwanted = models.remove(key);
            if (unwanted != null) {
                unwanted.retire();
            }
        }
    }

    /** Those that failed and that somebody still holds. */
    synchronized List<LoadedModel> failed() {
        return models.values().stream().filter(ModelPool::hasFailed).toList();
    }

    /** A second try beside a failed one, which goes on answering that it failed. */
    RunningModel startBeside(LoadedModel failed) {
        return start(failed.version());
    }

    /**
     * Puts a successful second try in the place of the failed one.
     *
     * @return false when the version is not held any more, or was started anew meanwhile: then the try is of no use
     */
    synchronized boolean adopt(LoadedModel failed, RunningModel successful) {
        if (models.get(key(failed.version())) != failed || !hasFailed(failed)) {
            return false;
        }
        failed.replace(successful);
        return true;
    }

    /** Who computes a version, or computed it when it was last loaded; empty when it was not since the start. */
    Optional<ServedBy> served(ServableVersion version) {
        return Optional.ofNullable(served.get(key(version.evaluated(true))))
                .or(() -> Optional.ofNullable(served.get(key(version.evaluated(false)))));
    }

    /** How many hold something. */
    public synchronized int holders() {
        return holders.size();
    }

    /** All that are here. */
    public synchronized List<LoadedModel> all() {
        return List.copyOf(models.values());
    }

    private static String key(ServableVersion version) {
        return version.modelId() + "@" + version.version() + " " + version.digest()
                + (version.evaluate() ? "" : " in its worker");
    }

    @Override
    public synchronized void close() {
        models.values().forEach(model -> model.running().close());
        models.clear();
    }
}
