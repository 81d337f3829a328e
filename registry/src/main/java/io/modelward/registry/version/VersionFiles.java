package io.modelward.registry.version;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.published.VersionSummary;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The places at which clients that know only artifacts see the files of a version that was uploaded for itself: a
 * folder for each version below the artifact root, which nobody writes to.
 */
public final class VersionFiles {

    /** The folder of all such folders. */
    public static final String FOLDER = "modelward.versions";

    private VersionFiles() {}

    public static String location(VersionSummary version) {
        return "mlflow-artifacts:/" + FOLDER + "/" + version.id();
    }

    /** A file of a version by its path within it. */
    public static ArtifactPath at(VersionSummary version, String path) {
        return ArtifactPath.parse(path).within(ArtifactPath.parse(FOLDER + "/" + version.id()));
    }

    /** The version whose folder the path is, or lies in. */
    public static OptionalLong version(ArtifactPath path) {
        String[] parts = path.value().split("/", 3);
        if (parts.length < 2 || !parts[0].equals(FOLDER) || !parts[1].matches("[1-9][0-9]{0,17}")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(parts[1]));
    }

    /** The rest of such a path: the file or folder of the version; empty for all of it. */
    public static Optional<String> within(ArtifactPath path) {
        String[] parts = path.value().split("/", 3);
        return parts.length == 3 ? Optional.of(parts[2]) : Optional.empty();
    }
}
