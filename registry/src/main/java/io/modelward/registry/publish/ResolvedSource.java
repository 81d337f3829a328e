package io.modelward.registry.publish;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionOrigin;
import java.util.List;
import java.util.Optional;

/**
 * A source with what lies there.
 *
 * @param folder the folder that the files lie in, to be sealed
 * @param copied the version that has the files already
 * @param files by path below the folder; none when the bytes are elsewhere
 */
record ResolvedSource(
        VersionOrigin origin, Optional<ArtifactPath> folder, Optional<PublishedVersion> copied, List<FileEntry> files) {

    /** The same, which clients fetch from another location. */
    ResolvedSource from(String location) {
        return new ResolvedSource(origin.withLocation(location), folder, copied, files);
    }

    static ResolvedSource elsewhere(VersionOrigin origin) {
        return new ResolvedSource(origin, Optional.empty(), Optional.empty(), List.of());
    }
}
