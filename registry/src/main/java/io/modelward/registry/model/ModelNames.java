package io.modelward.registry.model;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Skeleton;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.List;

/** Gives names to models. Of all names that people would take for each other, only one is in use at a time. */
public final class ModelNames {

    private ModelNames() {}

    /**
     * Makes a model of this name.
     *
     * @throws ProblemException of kind CONFLICT when a model has the name, or one that people would take for it;
     *     INVALID when it is a device's or its namespace is reserved
     */
    public static RegisteredModel create(CatalogTransaction tx, ModelName name, String description, Change change) {
        requireFree(tx, name, ModelId.UNKNOWN);
        RegisteredModel row = tx.models().insert(name, description, change.at());
        tx.audit()
                .append(
                        change,
                        "model.create",
                        name.toString(),
                        Json.object().put("model_id", row.id().value()));
        return row;
    }

    /**
     * Lets a model have a name that is new to the model.
     *
     * @param model the model that is to have it
     */
    static void requireFree(CatalogTransaction tx, ModelName name, ModelId model) {
        name.requireAllowedForNew();
        requireNoDevice("name", name.name());
        requireNoDevice("namespace", name.namespace());
        requireNotTaken(tx, name, model);
    }

    /** Lets a model have a name that the model had before. */
    static void requireNotTaken(CatalogTransaction tx, ModelName name, ModelId model) {
        tx.models().findColliding(name, model).ifPresent(other -> {
            Problem taken = Problem.field(
                            ProblemType.CONFLICT,
                            "name",
                            other.name().equals(name)
                                    ? "There is a model " + name + " already. Choose another name."
                                    : "There is a model " + other.name() + " already. " + Quoted.of(name.name())
                                            + " differs from its name only in case, in letters that look alike"
                                            + " or in what"
                                            + " nobody sees, so people would take one for the other. Choose"
                                            + " another name.")
                    .with("in_the_way", other.name().toString());
            throw (other.name().equals(name) ? taken.with("taken", "model") : taken).exception();
        });
        tx.models().findCollidingNamespace(name.namespace()).ifPresent(other -> {
            throw Problem.field(
                            ProblemType.CONFLICT,
                            "namespace",
                            "There is a namespace " + other + " already, and people would take "
                                    + Quoted.of(name.namespace())
                                    + " for it. Use that one, or choose another name.")
                    .with("in_the_way", other)
                    .exception();
        });
    }

    /** The reserved namespaces that have models from the time before the namespace was reserved. */
    public static List<String> reservedInUse(CatalogTransaction tx) {
        List<String> inUse = new ArrayList<>();
        for (String namespace : ModelName.namespacesReservedForNew()) {
            tx.models().list(namespace + "/", 1).stream()
                    .map(row -> row.name().namespace())
                    .filter(namespace::equals)
                    .forEach(inUse::add);
            // One in other letters, as HF.
            tx.models()
                    .findCollidingNamespace(namespace)
                    .filter(namespace::equalsIgnoreCase)
                    .ifPresent(inUse::add);
        }
        return inUse;
    }

    private static void requireNoDevice(String field, String name) {
        if (Skeleton.isDevice(name)) {
            throw ProblemException.invalid(
                    field,
                    Quoted.of(name)
                            + " is the name of a device on Windows, where nobody could download the model. Choose"
                            + " another name.");
        }
    }
}
