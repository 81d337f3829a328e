package io.modelward.store.catalog;

import io.modelward.core.published.VersionOrigin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where versions came from that were registered from what a run made or from a place elsewhere. Kept once, never
 * changed.
 */
public interface VersionOrigins {

    void insert(long version, VersionOrigin origin);

    default Optional<VersionOrigin> find(long version) {
        return Optional.ofNullable(find(List.of(version)).get(version));
    }

    /** The origins of those of the versions that have one. */
    Map<Long, VersionOrigin> find(Collection<Long> versions);
}
