package io.modelward.registry.model;

import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.Stage;
import io.modelward.core.tracking.KeyValue;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model with what people put on it. Reading it takes the same time however many versions the model has.
 *
 * @param latest of each stage the version that was published last
 */
public record ModelWithLatest(
        RegisteredModel model, List<KeyValue> tags, List<ModelAlias> aliases, List<VersionWithOrigin> latest) {

    public static List<ModelWithLatest> of(CatalogTransaction tx, List<RegisteredModel> models) {
        Map<Long, List<KeyValue>> tags = tx.modelTags()
                .of(models.stream().map(model -> model.id().value()).toList());
        return models.stream()
                .map(model -> new ModelWithLatest(
                        model,
                        tags.getOrDefault(model.id().value(), List.of()),
                        tx.aliases().list(model.id()),
                        latest(tx, model, Stage.ALL)))
                .toList();
    }

    /**
     * Of each of these stages the version that was published last, where there is one; none that a gate held back or
     * that was made to reproduce another.
     */
    public static List<VersionWithOrigin> latest(CatalogTransaction tx, RegisteredModel model, List<Stage> stages) {
        return VersionWithOrigin.of(
                tx,
                stages.stream()
                        .flatMap(stage -> tx.versionStates().newestIn(model.id(), stage).stream())
                        .map(ordinal ->
                                tx.versions().findByOrdinal(model.id(), ordinal).orElse(null))
                        .filter(Objects::nonNull)
                        .toList());
    }
}
