package io.modelward.store.catalog;

import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.version.ModelId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The changeable part of versions: description, stage and deletion. Every version has one row. */
public interface VersionStates {

    void insert(ModelId model, long ordinal, VersionState state);

    default VersionState get(long version) {
        return Objects.requireNonNull(get(List.of(version)).get(version));
    }

    /** The states of many versions. */
    Map<Long, VersionState> get(Collection<Long> versions);

    void update(VersionState state);

    /** The ordinals of the versions in a stage that are not deleted, highest first, at most {@code limit}. */
    List<Long> inStage(ModelId model, Stage stage, int limit);

    /**
     * The highest of the ordinals of {@link #inStage} that somebody who asks for the newest version is given. A version
     * that a gate of a job held back, or that was made to reproduce another, is given to nobody unless somebody moved
     * the version to a stage.
     */
    Optional<Long> newestIn(ModelId model, Stage stage);

    /**
     * Brings back the versions that were deleted with their model at a time; those that were deleted before, or by a
     * rule of retention, stay deleted.
     */
    void restoreAll(ModelId model, Instant deletedAt, Instant at);

    /** Deletes all versions of a model. */
    void deleteAll(ModelId model, Instant at);
}
