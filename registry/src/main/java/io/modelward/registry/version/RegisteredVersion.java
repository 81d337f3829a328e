package io.modelward.registry.version;

import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.RunData.Point;
import io.modelward.store.catalog.VersionOrigins.Origin;
import io.modelward.store.catalog.VersionStates;
import io.modelward.store.catalog.Versions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version with all that is known beside it.
 *
 * @param params of the run that it came from
 * @param metrics of that run, the latest point of each
 */
public record RegisteredVersion(
        Versions.Row row,
        VersionStates.Row state,
        Optional<Origin> origin,
        List<Entry> tags,
        List<String> aliases,
        List<Entry> params,
        List<Point> metrics) {

    public Versions.Summary summary() {
        return row.summary();
    }

    /** Where clients fetch its files; empty when it was uploaded for itself, so that only its own files are there. */
    public Optional<String> location() {
        return origin.map(Origin::location);
    }

    public static List<RegisteredVersion> of(CatalogTransaction tx, List<Versions.Row> rows) {
        Map<Long, List<Entry>> tags =
                tx.versionTags().of(rows.stream().map(row -> row.summary().id()).toList());
        return rows.stream().map(row -> of(tx, row, tags)).toList();
    }

    public static RegisteredVersion of(CatalogTransaction tx, Versions.Row row) {
        return of(tx, List.of(row)).getFirst();
    }

    private static RegisteredVersion of(CatalogTransaction tx, Versions.Row row, Map<Long, List<Entry>> tags) {
        Versions.Summary summary = row.summary();
        Optional<Origin> origin = tx.versionOrigins().find(summary.id());
        List<String> run = origin.flatMap(Origin::run).map(List::of).orElse(List.of());
        return new RegisteredVersion(
                row,
                tx.versionStates().get(summary.id()),
                origin,
                tags.getOrDefault(summary.id(), List.of()),
                tx.aliases().of(summary.modelId(), summary.ordinal()),
                run.stream().flatMap(id -> of(tx.runData().params(run), id)).toList(),
                run.stream().flatMap(id -> of(tx.runData().latest(run), id)).toList());
    }

    private static <T> java.util.stream.Stream<T> of(Map<String, List<T>> found, String run) {
        return found.getOrDefault(run, List.of()).stream();
    }
}
