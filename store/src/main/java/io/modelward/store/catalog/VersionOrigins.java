package io.modelward.store.catalog;

import io.modelward.core.published.VersionOrigin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The origins of versions that were registered from the files of a run or from a place elsewhere. An origin is written
 * once and never changed.
 */
public interface VersionOrigins {

    void insert(long version, VersionOrigin origin);

    default Optional<VersionOrigin> find(long version) {
        return Optional.ofNullable(find(List.of(version)).get(version));
    }

    /** The origins of those of the versions that have one. */
    Map<Long, VersionOrigin> find(Collection<Long> versions);
}
