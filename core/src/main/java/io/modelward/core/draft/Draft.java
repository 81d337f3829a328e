package io.modelward.core.draft;

import io.modelward.core.version.ModelId;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * Content being uploaded, without its files.
 *
 * @param published the ordinal of the version it became
 */
public record Draft(
        String id, ModelId model, Instant createdAt, Instant expiresAt, String actor, OptionalLong published) {}
