package io.modelward.registry.model;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Change;
import io.modelward.store.catalog.Models;

/** Gives names to models: one name, whatever its case, to one model at a time. */
public final class ModelNames {

    private ModelNames() {}

    /**
     * Makes a model of this name.
     *
     * @throws ProblemException of kind CONFLICT when a model has the name, or one that differs in case only
     */
    public static Models.Row create(CatalogTransaction tx, ModelName name, String description, Change change) {
        requireFree(tx, name);
        Models.Row row = tx.models().insert(name, description, change.at());
        tx.audit()
                .append(
                        change,
                        "model.create",
                        name.toString(),
                        Json.write(Json.object().put("model_id", row.id().value())));
        return row;
    }

    static void requireFree(CatalogTransaction tx, ModelName name) {
        tx.models().findColliding(name).ifPresent(other -> {
            throw ProblemException.conflict(
                    other.model().equals(name)
                            ? "There is a model " + name + " already."
                            : "There is a model " + other.model()
                                    + " already; names that differ only in case are not allowed.");
        });
    }
}
