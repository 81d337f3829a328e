package io.modelward.store.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where versions came from that were registered from what a run made or from a place elsewhere. Kept once, never changed. */
public interface VersionOrigins {

    /**
     * An origin.
     *
     * @param source as the client named it
     * @param location of the files, as clients fetch them
     * @param external whether the bytes are elsewhere, so that the version is a reference and never serves
     */
    record Origin(
            String source,
            String location,
            Optional<String> run,
            Optional<String> loggedModel,
            Optional<String> runLink,
            boolean external) {}

    void insert(long version, Origin origin);

    default Optional<Origin> find(long version) {
        return Optional.ofNullable(find(List.of(version)).get(version));
    }

    /** The origins of those of the versions that have one. */
    Map<Long, Origin> find(Collection<Long> versions);
}
