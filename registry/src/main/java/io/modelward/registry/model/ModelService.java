package io.modelward.registry.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Makes models, describes, tags, renames and deletes them, and brings them back. */
public final class ModelService {

    private static final int MOST_SHOWN = 5;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final ModelWatch watch;
    private final NewModels makers;

    /** @param watch is told of names and deletions, after the commit */
    public ModelService(Access access, Catalog catalog, InstantSource clock, ModelWatch watch) {
        this(access, catalog, clock, watch, NewModels.FREE);
    }

    /** As above, with who makes no models of any name. */
    public ModelService(Access access, Catalog catalog, InstantSource clock, ModelWatch watch, NewModels makers) {
        this.makers = makers;
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.watch = watch;
    }

    /** @throws ProblemException of kind CONFLICT when the name is taken */
    public RegisteredModel create(ModelName name, String description, List<KeyValue> tags, Actor actor) {
        access.requireToMake(Action.PUBLISH, new Resource.Model(name));
        tags.forEach(ModelTexts::tag);
        ModelTexts.description(description);
        Change change = actor.change(clock.instant(), "");
        // Transactions have threads of their own, which know no caller.
        Optional<NewModels.Rule> rule = Access.caller().flatMap(makers::of);
        return catalog.write(tx -> {
            rule.ifPresent(one -> one.require(tx, name));
            RegisteredModel model = ModelNames.create(tx, name, description, change);
            tags.forEach(tag -> tx.modelTags().set(model.id().value(), tag));
            Events.modelCreated(tx, model, change);
            return model;
        });
    }

    /** Gives the model another name; its versions, aliases and routes go with it, and the old name is free. */
    public RegisteredModel rename(ModelName from, ModelName to, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(from));
        access.requireToMake(Action.PUBLISH, new Resource.Model(to));
        Change change = actor.change(clock.instant(), reason);
        return told(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, from);
            if (from.equals(to)) {
                return model;
            }
            ModelNames.requireFree(tx, to, model.id());
            RegisteredModel renamed = model.withName(to).withUpdatedAt(change.at());
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

    public RegisteredModel describe(ModelName name, String description, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.description(description);
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            RegisteredModel described = model.withDescription(description).withUpdatedAt(change.at());
            tx.models().update(described);
            audit(tx, change, "model.describe", described, Json.object());
            Events.modelUpdated(tx, described, "description", change);
            return described;
        });
    }

    /**
     * Deletes the model and its versions: nobody finds them any more, and the name is free for a new model. Their rows
     * and bytes are kept, since predictions that they answered refer to them.
     *
     * @throws ProblemException of kind CONFLICT when an endpoint serves a version of it, or somebody holds one
     */
    public void delete(ModelName name, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        told(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            Serving.requireNone(tx, model, Optional.empty());
            requireNoneHeld(tx, model);
            tx.versionStates().deleteAll(model.id(), change.at());
            tx.models().update(model.deleted(change.at()));
            audit(tx, change, "model.delete", model, Json.object());
            Events.modelDeleted(tx, model, change);
            return true;
        });
    }

    /** A hold keeps people from deleting the version, and so from deleting the version with its model. */
    private static void requireNoneHeld(CatalogTransaction tx, RegisteredModel model) {
        List<String> held = tx.retention().held(model.id()).stream()
                .flatMap(id -> tx.versions().find(id).stream())
                .filter(PublishedVersion::active)
                .map(version -> version.summary().version().toString())
                .toList();
        if (!held.isEmpty()) {
            int shown = Math.min(MOST_SHOWN, held.size());
            throw ProblemException.conflict(
                    "Of " + model.name() + " somebody holds " + String.join(", ", held.subList(0, shown))
                            + (held.size() > shown ? " and " + (held.size() - shown) + " more" : "")
                            + ", so the model is not deleted. Release what is held first: modelward retention release.");
        }
    }

    /**
     * Brings back the model that was deleted last under this name, with the versions that were there when it was
     * deleted.
     *
     * @throws ProblemException of kind NOT_FOUND when no deleted model had the name; CONFLICT when another model has
     *     the name now
     */
    public RegisteredModel undelete(ModelName name, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        return told(tx -> {
            Optional<RegisteredModel> deleted = tx.models().findDeleted(name);
            if (deleted.isEmpty()) {
                // Nothing of that name is deleted: one that is there was brought back before.
                return VersionResolver.requireModel(tx, name);
            }
            RegisteredModel model = deleted.get();
            ModelNames.requireNotTaken(tx, name, model.id());
            RegisteredModel back = model.undeleted(change.at());
            tx.models().update(back);
            tx.versionStates().restoreAll(model.id(), model.deletedAt().orElseThrow(), change.at());
            audit(tx, change, "model.undelete", back, Json.object());
            Events.modelUpdated(tx, back, "undeleted", change);
            return back;
        });
    }

    public void setTag(ModelName name, KeyValue tag, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.tag(tag);
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> {
            RegisteredModel model = touched(tx, name, change.at());
            tx.modelTags().set(model.id().value(), tag);
            audit(tx, change, "model.tag", model, Json.object().put("key", tag.key()));
            Events.modelUpdated(tx, model, "tags", change);
            return true;
        });
    }

    /** Deleting a tag that is not there changes nothing. */
    public void deleteTag(ModelName name, String key, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.key(key);
        Change change = actor.change(clock.instant(), reason);
        catalog.write(tx -> {
            RegisteredModel model = touched(tx, name, change.at());
            if (tx.modelTags().delete(model.id().value(), key)) {
                audit(tx, change, "model.untag", model, Json.object().put("key", key));
                Events.modelUpdated(tx, model, "tags", change);
            }
            return true;
        });
    }

    private static RegisteredModel touched(CatalogTransaction tx, ModelName name, Instant at) {
        RegisteredModel model = VersionResolver.requireModel(tx, name);
        RegisteredModel touched = model.withUpdatedAt(at);
        tx.models().update(touched);
        return touched;
    }

    private static void audit(
            CatalogTransaction tx, Change change, String action, RegisteredModel model, ObjectNode detail) {
        tx.audit()
                .append(
                        change,
                        action,
                        model.name().toString(),
                        detail.put("model_id", model.id().value()));
    }
}
