package io.modelward.gateway.model;

import io.modelward.core.published.PublishedVersion;
import io.modelward.registry.version.VersionService;
import io.modelward.runtime.EnvironmentInfo;
import io.modelward.runtime.ModelRuntime;
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
    public Optional<EnvironmentInfo> of(PublishedVersion version) {
        return ServableVersion.isHere(version)
                ? Optional.of(runtime.environment(ServableVersion.of(version).source(versions::open)))
                : Optional.empty();
    }
}
