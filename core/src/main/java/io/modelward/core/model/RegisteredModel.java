package io.modelward.core.model;

import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import java.time.Instant;
import java.util.Optional;

/**
 * A model: an identity that has a name for a while.
 *
 * @param name the model's name now, or the last one the model had
 * @param updatedAt when the model, or a version of it, was made or changed
 * @param lastOrdinal the ordinal of the version published last; 0 before the first
 * @param deletedAt empty: the model is there
 */
public record RegisteredModel(
        ModelId id,
        ModelName name,
        String description,
        Instant createdAt,
        Instant updatedAt,
        long lastOrdinal,
        Optional<Instant> deletedAt) {

    public boolean active() {
        return deletedAt.isEmpty();
    }

    public RegisteredModel withName(ModelName newName) {
        return new RegisteredModel(id, newName, description, createdAt, updatedAt, lastOrdinal, deletedAt);
    }

    public RegisteredModel withDescription(String text) {
        return new RegisteredModel(id, name, text, createdAt, updatedAt, lastOrdinal, deletedAt);
    }

    public RegisteredModel withUpdatedAt(Instant at) {
        return new RegisteredModel(id, name, description, createdAt, at, lastOrdinal, deletedAt);
    }

    /** The model after it was brought back. */
    public RegisteredModel undeleted(Instant at) {
        return new RegisteredModel(id, name, description, createdAt, at, lastOrdinal, Optional.empty());
    }

    /** The model after it was deleted. */
    public RegisteredModel deleted(Instant at) {
        return new RegisteredModel(id, name, description, createdAt, at, lastOrdinal, Optional.of(at));
    }
}
