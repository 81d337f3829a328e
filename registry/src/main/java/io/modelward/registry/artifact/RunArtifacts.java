package io.modelward.registry.artifact;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;

/**
 * The folder of a run or model as clients name it: files by path below it.
 *
 * @param uri where the files are, such as {@code mlflow-artifacts:/1/<run>/artifacts}
 */
public record RunArtifacts(String uri) {

    /** A path below the folder; the text is relative, or empty for the folder itself. */
    public ArtifactPath at(String path) {
        ArtifactPath below = ArtifactPath.parseDirectory(path);
        return ArtifactPath.ofUri(uri)
                .map(below::within)
                .orElseThrow(() -> ProblemException.notFound("The artifact " + Quoted.of(path)
                        + " is not with this server. Ask the store that the run's artifact_uri names."));
    }

    /** Whether this server has the files. */
    public boolean here() {
        return ArtifactPath.ofUri(uri).isPresent();
    }
}
