package io.modelward.registry.model;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Models;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Makes models, describes, renames and deletes them. */
public final class ModelService {

    private final Catalog catalog;
    private final InstantSource clock;
    private final ModelWatch watch;

    /** @param watch is told of names and deletions, after the commit */
    public ModelService(Catalog catalog, InstantSource clock, ModelWatch watch) {
        this.catalog = catalog;
        this.clock = clock;
        this.watch = watch;
    }

    /** @throws ProblemException of kind CONFLICT when the name is taken */
    public Models.Row create(ModelName name, String description, List<KeyValue> tags, Actor actor) {
        tags.forEach(ModelTexts::tag);
        ModelTexts.description(description);
        Change change = actor.change(clock.instant(), "");
        return catalog.write(tx -> {
            Models.Row row = ModelNames.create(tx, name, description, change);
            tags.forEach(tag -> tx.modelTags().set(row.id().value(), tag));
            Events.modelCreated(tx, row, change);
            return row;
        });
    }

    /** Gives the model another name; its versions, aliases and routes go with it, and the old name is free. */
    public Models.Row rename(ModelName from, ModelName to, Actor actor) {
        Change change = actor.change(clock.instant(), "");
        return told(tx -> {
            Models.Row row = ModelNames.require(tx, from);
            if (from.equals(to)) {
                return row;
            }
            ModelNames.requireFree(tx, to, row.id());
            Models.Row renamed = with(row, to, row.description(), change.at(), Optional.empty());
            tx.models().update(renamed);
            audit(tx, change, "model.rename", renamed, Json.object().put("from", from.toString()));
            Events.modelUpdated(tx, renamed, "name", change);
            return renamed;
        });
    }

    private <T> T told(Function<CatalogTransaction, T> unit) {
        try {
            return catalog.write(unit);
        } finally {
            watch.changed();
        }
    }

    public Models.Row describe(ModelName name, String description, Actor actor) {
        ModelTexts.description(description);
        Change change = actor.change(clock.instant(), "");
        return catalog.write(tx -> {
            Models.Row row = ModelNames.require(tx, name);
            Models.Row described = with(row, row.model(), description, change.at(), Optional.empty());
            tx.models().update(described);
            audit(tx, change, "model.describe", described, Json.object());
            Events.modelUpdated(tx, described, "description", change);
            return described;
        });
    }

    /**
     * Deletes the model and its versions: nobody finds them any more, and the name is free for a new model. What they were is kept for what they
     * served, and so are their bytes.
     *
     * @throws ProblemException of kind CONFLICT when an endpoint serves a version of it
     */
    public void delete(ModelName name, Actor actor) {
        Change change = actor.change(clock.instant(), "");
        told(tx -> {
            Models.Row row = ModelNames.require(tx, name);
            Serving.requireNone(tx, row, Optional.empty());
            tx.versionStates().deleteAll(row.id(), change.at());
            tx.models().update(with(row, row.model(), row.description(), change.at(), Optional.of(change.at())));
            audit(tx, change, "model.delete", row, Json.object());
            Events.modelDeleted(tx, row, change);
            return true;
        });
    }

    public void setTag(ModelName name, KeyValue tag, Actor actor) {
        ModelTexts.tag(tag);
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            Models.Row row = touched(tx, name, change.at());
            tx.modelTags().set(row.id().value(), tag);
            audit(tx, change, "model.tag", row, Json.object().put("key", tag.key()));
            Events.modelUpdated(tx, row, "tags", change);
            return true;
        });
    }

    /** Deleting a tag that is not there changes nothing. */
    public void deleteTag(ModelName name, String key, Actor actor) {
        ModelTexts.key(key);
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            Models.Row row = touched(tx, name, change.at());
            if (tx.modelTags().delete(row.id().value(), key)) {
                audit(tx, change, "model.untag", row, Json.object().put("key", key));
                Events.modelUpdated(tx, row, "tags", change);
            }
            return true;
        });
    }

    private static Models.Row touched(CatalogTransaction tx, ModelName name, Instant at) {
        Models.Row row = ModelNames.require(tx, name);
        Models.Row touched = with(row, row.model(), row.description(), at, Optional.empty());
        tx.models().update(touched);
        return touched;
    }

    private static Models.Row with(
            Models.Row row, ModelName name, String description, Instant at, Optional<Instant> deletedAt) {
        return new Models.Row(row.id(), name, description, row.createdAt(), at, row.lastOrdinal(), deletedAt);
    }

    private static void audit(CatalogTransaction tx, Change change, String action, Models.Row row, ObjectNode detail) {
        tx.audit()
                .append(
                        change,
                        action,
                        row.model().toString(),
                        detail.put("model_id", row.id().value()));
    }
}
