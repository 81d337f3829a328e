package io.modelward.gateway.model;

import io.modelward.registry.version.VersionService;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.catalog.Versions;
import java.util.Optional;

/** Tells of the environments that versions run in. */
public final class ModelEnvironments {

    private final ModelRuntime runtime;
    private final VersionService versions;

    public ModelEnvironments(ModelRuntime runtime, VersionService versions) {
        this.runtime = runtime;
        this.versions = versions;
    }

    /** What is known of the version's environment now; of one whose files are elsewhere, nothing. */
    public Optional<EnvironmentInfo> of(Versions.Row version) {
        return ServedVersion.isHere(version)
                ? Optional.of(runtime.environment(ServedVersion.of(version).source(versions::open)))
                : Optional.empty();
    }
}
