package io.modelward.registry.version;

import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version with all that is known beside it.
 *
 * @param params of the run that it came from
 * @param metrics of that run, the latest point of each
 */
public record RegisteredVersion(
        PublishedVersion row,
        VersionState state,
        Optional<VersionOrigin> origin,
        List<KeyValue> tags,
        List<String> aliases,
        List<KeyValue> params,
        List<MetricPoint> metrics) {

    public VersionSummary summary() {
        return row.summary();
    }

    /** Where clients fetch its files; empty when it was uploaded for itself, so that only its own files are there. */
    public Optional<String> location() {
        return origin.map(VersionOrigin::location);
    }

    public static RegisteredVersion of(CatalogTransaction tx, PublishedVersion row) {
        return of(tx, List.of(row)).getFirst();
    }

    /** Many versions, each kind of thing read for all of them at once. */
    public static List<RegisteredVersion> of(CatalogTransaction tx, List<PublishedVersion> rows) {
        List<Long> ids = rows.stream().map(row -> row.summary().id()).toList();
        Map<Long, VersionState> states = tx.versionStates().get(ids);
        Map<Long, VersionOrigin> origins = tx.versionOrigins().find(ids);
        Map<Long, List<KeyValue>> tags = tx.versionTags().of(ids);
        Map<Long, List<String>> aliases = tx.aliases().of(ids);
        List<String> runs = origins.values().stream()
                .flatMap(origin -> origin.run().stream())
                .distinct()
                .toList();
        Map<String, List<KeyValue>> params = tx.runData().params(runs);
        Map<String, List<MetricPoint>> metrics = tx.runData().latest(runs);
        return rows.stream()
                .map(row -> {
                    long id = row.summary().id();
                    Optional<VersionOrigin> origin = Optional.ofNullable(origins.get(id));
                    String run = origin.flatMap(VersionOrigin::run).orElse("");
                    return new RegisteredVersion(
                            row,
                            Objects.requireNonNull(states.get(id)),
                            origin,
                            tags.getOrDefault(id, List.of()),
                            aliases.getOrDefault(id, List.of()),
                            params.getOrDefault(run, List.of()),
                            metrics.getOrDefault(run, List.of()));
                })
                .toList();
    }
}
