package io.modelward.gateway.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.published.PublishedVersion;
import io.modelward.registry.version.VersionLookup;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.ServedBy;
import java.util.Optional;

/** Tells of the environments that versions run in, and who computes their answers. */
public final class ModelEnvironments {

    private final Access access;
    private final ModelRuntime runtime;
    private final VersionLookup versions;
    private final ModelPool pool;

    public ModelEnvironments(Access access, ModelRuntime runtime, VersionLookup versions, ModelPool pool) {
        this.pool = pool;
        this.access = access;
        this.runtime = runtime;
        this.versions = versions;
    }

    /** Who computes the version, once it was loaded. */
    public Optional<ServedBy> served(PublishedVersion version) {
        access.require(Action.READ, new Resource.Model(version.summary().model()));
        return ServableVersion.isHere(version) ? pool.served(ServableVersion.of(version)) : Optional.empty();
    }

    /** What is known of the version's environment now; of one whose files are elsewhere, nothing. */
    public Optional<EnvironmentInfo> of(PublishedVersion version) {
        access.require(Action.READ, new Resource.Model(version.summary().model()));
        return ServableVersion.isHere(version)
                ? Optional.of(runtime.environment(ServableVersion.of(version).source(versions::open)))
                : Optional.empty();
    }
}
