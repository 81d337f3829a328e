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
            if (other.name().equals(name)) {
                throw Problem.field(
                                ProblemType.CONFLICT,
                                "name",
                                "There is a model " + name + " already. Choose another name.")
                        .with("in_the_way", name.toString())
                        .with("taken", "model")
                        .exception();
            }
            throw confusing("name", name.name(), "model", other.name().toString());
        });
        tx.models().findCollidingNamespace(name.namespace()).ifPresent(other -> {
            throw confusing("namespace", name.namespace(), "namespace", other);
        });
    }

    /** Who may not see everything is not told the name that is in the way: it may be of a thing that they may not see. */
    private static ProblemException confusing(String field, String name, String kind, String other) {
        String why = " differs from its name only in case, in letters that look alike or in what nobody sees, so people"
                + " would take one for the other. Choose another name.";
        return Problem.field(
                        ProblemType.CONFLICT,
                        field,
                        "People would take " + Quoted.of(name) + " for the name of a " + kind
                                + " that is there already: the two differ only in case, in letters that look alike or"
                                + " in what nobody sees. Choose another name.")
                .exception()
                .naming(Problem.field(
                                ProblemType.CONFLICT,
                                field,
                                kind.equals("model")
                                        ? "There is a model " + other + " already. " + Quoted.of(name) + why
                                        : "There is a namespace " + other + " already, and people would take "
                                                + Quoted.of(name) + " for it. Use that one, or choose another name.")
                        .with("in_the_way", other));
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
