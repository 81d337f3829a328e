package io.modelward.gateway.model;

import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.registry.version.VersionLookup;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the names of the versions in memory to those that their models have now, so that an answer names its model
 * without asking the catalog. Each look reads the catalog while it holds this lock: the last look reads what was
 * committed last, whatever the order in which changes are told.
 */
public final class LiveNames {

    private static final Logger LOG = LoggerFactory.getLogger(LiveNames.class);

    private final VersionLookup versions;
    private final Supplier<List<LoadedModel>> loaded;
    private final List<BiConsumer<ModelId, ModelName>> followers = new CopyOnWriteArrayList<>();
    /** Whether a look could not read the catalog, so that names may be old. */
    private volatile boolean behind;

    LiveNames(VersionLookup versions, Supplier<List<LoadedModel>> loaded) {
        this.versions = versions;
        this.loaded = loaded;
    }

    /**
     * Tells a follower each name that a model in memory gets, from now on; it takes no lock under which names are
     * looked at.
     */
    public void follow(BiConsumer<ModelId, ModelName> follower) {
        followers.add(follower);
    }

    /** Brings all names in line with the catalog. {@link #catchUp} tries again what cannot be read now. */
    public void look() {
        Set<ModelId> ids = new HashSet<>();
        loaded.get().forEach(model -> ids.add(model.version().modelId()));
        look(ids);
    }

    /** Looks again where a look before could not read. */
    public void catchUp() {
        if (behind) {
            look();
        }
    }

    /** The name that a model has now if a version of it is in memory, else the other one. */
    public ModelName now(ModelId id, ModelName otherwise) {
        return loaded.get().stream()
                .map(LoadedModel::version)
                .filter(version -> version.modelId().equals(id))
                .findFirst()
                .map(ServableVersion::model)
                .orElse(otherwise);
    }

    synchronized void look(Collection<ModelId> ids) {
        try {
            behind = false;
            Map<ModelId, ModelName> names = versions.names(ids);
            for (LoadedModel model : loaded.get()) {
                ModelName name = names.get(model.version().modelId());
                if (name != null) {
                    model.rename(name);
                }
            }
            names.forEach((id, name) -> followers.forEach(follower -> follower.accept(id, name)));
        } catch (RuntimeException unreadable) {
            behind = true;
            LOG.warn("the names of models could not be read and are looked at again: {}", unreadable.toString());
        }
    }
}
