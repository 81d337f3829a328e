package io.modelward.registry.tracking;

import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.Measure;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;

/**
 * A logged model with all that is known of it.
 *
 * @param measures the latest point of each metric per run and dataset
 */
public record LoggedModelView(LoggedModel model, List<KeyValue> params, List<KeyValue> tags, List<Measure> measures) {

    static List<LoggedModelView> of(CatalogTransaction tx, List<LoggedModel> models) {
        List<String> ids = models.stream().map(LoggedModel::id).toList();
        Map<String, List<KeyValue>> params = tx.loggedModels().params(ids);
        Map<String, List<KeyValue>> tags = tx.loggedModels().tags(ids);
        Map<String, List<Measure>> measures = tx.loggedModels().measures(ids);
        return models.stream()
                .map(model -> new LoggedModelView(
                        model,
                        params.getOrDefault(model.id(), List.of()),
                        tags.getOrDefault(model.id(), List.of()),
                        measures.getOrDefault(model.id(), List.of())))
                .toList();
    }
}
