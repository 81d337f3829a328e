package io.modelward.core.published;

import java.time.Instant;
import java.util.Optional;

/**
 * What changes of a version: what people say about the version, its stage, and whether it was deleted.
 *
 * @param version the id of the version among all versions of the server
 * @param updatedAt kept to the millisecond
 * @param deletedAt empty: the version is there
 */
public record VersionState(
        long version, String description, Stage stage, Instant updatedAt, Optional<Instant> deletedAt) {

    public VersionState withDescription(String text, Instant at) {
        return new VersionState(version, text, stage, at, deletedAt);
    }

    public VersionState withStage(Stage entered, Instant at) {
        return new VersionState(version, description, entered, at, deletedAt);
    }

    /** The state of the version after it was brought back. */
    public VersionState undeleted(Instant at) {
        return new VersionState(version, description, stage, at, Optional.empty());
    }

    /** The state of the version after it was deleted. */
    public VersionState deleted(Instant at) {
        return new VersionState(version, description, stage, at, Optional.of(at));
    }
}
