package io.modelward.server.mlflow;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
import java.util.function.Supplier;

/**
 * Paths of artifacts as clients send them. MLflow says the same two words of every path that could lead out of its
 * folder, and clients compare them.
 */
final class SafePath {

    private SafePath() {}

    static ArtifactPath file(String text) {
        return safe(() -> ArtifactPath.parse(text));
    }

    /** A folder; an empty text is the root. */
    static ArtifactPath folder(String text) {
        return safe(() -> ArtifactPath.parseDirectory(text));
    }

    private static ArtifactPath safe(Supplier<ArtifactPath> path) {
        try {
            return path.get();
        } catch (ProblemException unsafe) {
            throw ProblemException.invalid("path", "Invalid path");
        }
    }
}
