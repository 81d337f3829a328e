package io.modelward.registry.tracking;

import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.core.tracking.ModelUse;
import io.modelward.core.tracking.Run;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;

/**
 * A run with all it logged.
 *
 * @param metrics the latest point of each
 */
public record RunView(
        Run run,
        List<MetricPoint> metrics,
        List<KeyValue> params,
        List<KeyValue> tags,
        List<DatasetInput> datasets,
        List<ModelUse> models) {

    public static List<RunView> of(CatalogTransaction tx, List<Run> runs) {
        List<String> ids = runs.stream().map(Run::id).toList();
        Map<String, List<MetricPoint>> metrics = tx.runData().latest(ids);
        Map<String, List<KeyValue>> params = tx.runData().params(ids);
        Map<String, List<KeyValue>> tags = tx.runData().tags(ids);
        Map<String, List<DatasetInput>> datasets = tx.runInputs().datasets(ids);
        Map<String, List<ModelUse>> models = tx.runInputs().models(ids);
        return runs.stream()
                .map(run -> new RunView(
                        run,
                        metrics.getOrDefault(run.id(), List.of()),
                        params.getOrDefault(run.id(), List.of()),
                        tags.getOrDefault(run.id(), List.of()),
                        datasets.getOrDefault(run.id(), List.of()),
                        models.getOrDefault(run.id(), List.of())))
                .toList();
    }

    /** How much it holds, to bound what one answer holds. */
    int entries() {
        return 1 + metrics.size() + params.size() + tags.size() + datasets.size() + models.size();
    }
}
