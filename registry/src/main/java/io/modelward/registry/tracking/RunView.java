package io.modelward.registry.tracking;

import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.RunData.Point;
import io.modelward.store.catalog.RunInputs.DatasetInput;
import io.modelward.store.catalog.RunInputs.ModelUse;
import io.modelward.store.catalog.Runs;
import java.util.List;
import java.util.Map;

/**
 * A run with all it logged.
 *
 * @param metrics the latest point of each
 */
public record RunView(
        Runs.Row row,
        List<Point> metrics,
        List<Entry> params,
        List<Entry> tags,
        List<DatasetInput> datasets,
        List<ModelUse> models) {

    public static List<RunView> of(CatalogTransaction tx, List<Runs.Row> rows) {
        List<String> ids = rows.stream().map(Runs.Row::id).toList();
        Map<String, List<Point>> metrics = tx.runData().latest(ids);
        Map<String, List<Entry>> params = tx.runData().params(ids);
        Map<String, List<Entry>> tags = tx.runData().tags(ids);
        Map<String, List<DatasetInput>> datasets = tx.runInputs().datasets(ids);
        Map<String, List<ModelUse>> models = tx.runInputs().models(ids);
        return rows.stream()
                .map(row -> new RunView(
                        row,
                        metrics.getOrDefault(row.id(), List.of()),
                        params.getOrDefault(row.id(), List.of()),
                        tags.getOrDefault(row.id(), List.of()),
                        datasets.getOrDefault(row.id(), List.of()),
                        models.getOrDefault(row.id(), List.of())))
                .toList();
    }

    /** How much it holds, to bound what one answer holds. */
    int entries() {
        return 1 + metrics.size() + params.size() + tags.size() + datasets.size() + models.size();
    }
}
