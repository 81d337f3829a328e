package io.modelward.registry.model;

import io.modelward.core.tracking.KeyValue;
import io.modelward.registry.version.RegisteredVersion;
import io.modelward.store.catalog.Aliases;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Models;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model with what people put on it. It is found in the same time however many versions there are.
 *
 * @param latest of each stage the version that was published last
 */
public record RegisteredModel(
        Models.Row row, List<KeyValue> tags, List<Aliases.Pointer> aliases, List<RegisteredVersion> latest) {

    public static List<RegisteredModel> of(CatalogTransaction tx, List<Models.Row> rows) {
        Map<Long, List<KeyValue>> tags =
                tx.modelTags().of(rows.stream().map(row -> row.id().value()).toList());
        return rows.stream()
                .map(row -> new RegisteredModel(
                        row,
                        tags.getOrDefault(row.id().value(), List.of()),
                        tx.aliases().list(row.id()),
                        latest(tx, row, Stage.ALL)))
                .toList();
    }

    /** Of each of these stages the version that was published last, where there is one. */
    public static List<RegisteredVersion> latest(CatalogTransaction tx, Models.Row model, List<Stage> stages) {
        return RegisteredVersion.of(
                tx,
                stages.stream()
                        .flatMap(stage -> tx.versionStates().inStage(model.id(), stage.label(), 1).stream())
                        .map(ordinal ->
                                tx.versions().findByOrdinal(model.id(), ordinal).orElse(null))
                        .filter(Objects::nonNull)
                        .toList());
    }
}
