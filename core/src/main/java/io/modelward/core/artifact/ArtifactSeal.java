package io.modelward.core.artifact;

import java.time.Instant;

/**
 * The mark on a folder of artifacts that does not change any more.
 *
 * @param subject what the folder belongs to: {@code default/iris ordinal 3}
 */
public record ArtifactSeal(ArtifactPath directory, String subject, Instant at) {}
