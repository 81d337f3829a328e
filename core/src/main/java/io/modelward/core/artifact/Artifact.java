package io.modelward.core.artifact;

import io.modelward.core.digest.Digest;
import java.time.Instant;

/**
 * A file that a run or a logged model keeps with this server.
 *
 * @param path below the artifact root, such as {@code 1/<run>/artifacts/model/MLmodel}
 * @param size in bytes
 */
public record Artifact(ArtifactPath path, long size, Digest sha256, Instant createdAt) {}
