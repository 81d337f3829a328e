package io.modelward.registry.model;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
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

    /**
     * The model of this name, in the words that MLflow's clients look for when there is none.
     *
     * @throws ProblemException of kind NOT_FOUND
     */
    public static Models.Row require(CatalogTransaction tx, ModelName name) {
        return tx.models()
                .find(name)
                .orElseThrow(() -> ProblemException.notFound(
                        "Registered Model with name=" + Quoted.plain(name.name()) + " not found"));
    }

    static void requireFree(CatalogTransaction tx, ModelName name) {
        tx.models().findColliding(name).ifPresent(other -> {
            throw ProblemException.conflict(
                    other.model().equals(name)
                            ? "Registered Model (name=" + Quoted.plain(name.name()) + ") already exists."
                            : "There is a model " + other.model()
                                    + " already; names that differ only in case are not allowed.");
        });
    }
}
