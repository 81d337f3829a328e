package io.modelward.registry.version;

import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.Measure;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version with all that is known beside it.
 *
 * @param params of the logged model that it was made of; where that says none, of the run that it came from
 * @param metrics likewise, the latest point of each
 */
public record VersionWithOrigin(
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

    public static VersionWithOrigin of(CatalogTransaction tx, PublishedVersion row) {
        return of(tx, List.of(row)).getFirst();
    }

    /** Many versions, each kind of thing read for all of them at once. */
    public static List<VersionWithOrigin> of(CatalogTransaction tx, List<PublishedVersion> rows) {
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
        List<String> models = origins.values().stream()
                .flatMap(origin -> origin.loggedModel().stream())
                .distinct()
                .toList();
        Map<String, List<KeyValue>> modelParams = tx.loggedModels().params(models);
        Map<String, List<Measure>> measures = tx.loggedModels().measures(models);
        return rows.stream()
                .map(row -> {
                    long id = row.summary().id();
                    Optional<VersionOrigin> origin = Optional.ofNullable(origins.get(id));
                    String model = origin.flatMap(VersionOrigin::loggedModel).orElse("");
                    String run = origin.flatMap(VersionOrigin::run).orElse("");
                    return new VersionWithOrigin(
                            row,
                            Objects.requireNonNull(states.get(id)),
                            origin,
                            tags.getOrDefault(id, List.of()),
                            aliases.getOrDefault(id, List.of()),
                            either(modelParams.get(model), params.get(run)),
                            either(latest(measures.getOrDefault(model, List.of())), metrics.get(run)));
                })
                .toList();
    }

    private static <T> List<T> either(@Nullable List<T> first, @Nullable List<T> second) {
        if (first != null && !first.isEmpty()) {
            return first;
        }
        return second == null ? List.of() : second;
    }

    /** Of each metric the newest point, on whatever data and by whichever run it was measured. */
    private static List<MetricPoint> latest(List<Measure> measures) {
        Map<String, MetricPoint> newest = new TreeMap<>();
        measures.forEach(measure -> newest.merge(
                measure.point().key(),
                measure.point(),
                (one, other) -> other.timestamp() >= one.timestamp() ? other : one));
        return List.copyOf(newest.values());
    }
}
