package io.modelward.store.catalog;

import io.modelward.core.version.ModelId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What changes of a version: what people say about it, its stage, and whether it was deleted. Every version has one row. */
public interface VersionStates {

    /**
     * The state of a version.
     *
     * @param stage None, Staging, Production or Archived
     * @param updatedAt kept to the millisecond
     * @param deletedAt empty: it is there
     */
    record Row(long version, String description, String stage, Instant updatedAt, Optional<Instant> deletedAt) {}

    void insert(ModelId model, long ordinal, Row row);

    default Row get(long version) {
        return Objects.requireNonNull(get(List.of(version)).get(version));
    }

    /** The states of many versions. */
    Map<Long, Row> get(Collection<Long> versions);

    void update(Row row);

    /** The ordinals of the versions in a stage that are not deleted, highest first, at most {@code limit}. */
    List<Long> inStage(ModelId model, String stage, int limit);

    /** Deletes all versions of a model. */
    void deleteAll(ModelId model, Instant at);
}
