package io.modelward.registry.tracking;

import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.LoggedModels;
import io.modelward.store.catalog.LoggedModels.Measure;
import java.util.List;
import java.util.Map;

/**
 * A logged model with all that is known of it.
 *
 * @param measures the latest point of each metric per run and dataset
 */
public record LoggedModelView(LoggedModels.Row row, List<Entry> params, List<Entry> tags, List<Measure> measures) {

    static List<LoggedModelView> of(CatalogTransaction tx, List<LoggedModels.Row> rows) {
        List<String> ids = rows.stream().map(LoggedModels.Row::id).toList();
        Map<String, List<Entry>> params = tx.loggedModels().params(ids);
        Map<String, List<Entry>> tags = tx.loggedModels().tags(ids);
        Map<String, List<Measure>> measures = tx.loggedModels().measures(ids);
        return rows.stream()
                .map(row -> new LoggedModelView(
                        row,
                        params.getOrDefault(row.id(), List.of()),
                        tags.getOrDefault(row.id(), List.of()),
                        measures.getOrDefault(row.id(), List.of())))
                .toList();
    }
}
