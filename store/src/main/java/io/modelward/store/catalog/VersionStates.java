package io.modelward.store.catalog;

import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.version.ModelId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
     * Brings back the versions that were deleted with their model at a time; those that were deleted before, or by a
     * rule of retention, stay deleted.
     */
    void restoreAll(ModelId model, Instant deletedAt, Instant at);

    /** Deletes all versions of a model. */
    void deleteAll(ModelId model, Instant at);
}
