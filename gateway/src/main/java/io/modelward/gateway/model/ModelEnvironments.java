package io.modelward.gateway.model;

import io.modelward.registry.version.VersionService;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.catalog.Versions;

/** Tells of the environments that versions run in. */
public final class ModelEnvironments {

    private final ModelRuntime runtime;
    private final VersionService versions;

    public ModelEnvironments(ModelRuntime runtime, VersionService versions) {
        this.runtime = runtime;
        this.versions = versions;
    }

    /** What is known of the version's environment now. */
    public EnvironmentInfo of(Versions.Row version) {
        return runtime.environment(ServedVersion.of(version).source(versions::open));
    }
}
