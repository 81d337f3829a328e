package io.modelward.registry.model;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionState;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.Actor;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.version.VersionResolver;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes the changeable part of a version: description, stage, tags and deletion. The version itself never changes.
 */
public final class VersionStateService {

    /** The tags that chose a version's number; the number stays, and so do these tags. */
    private static final Set<String> NUMBER_TAGS = Set.of("modelward.bump", "modelward.version");

    private static final int MOST_ARCHIVED = 1_000_000;

    private final Access access;
    private final Catalog catalog;
    private final InstantSource clock;
    private final AliasService aliases;
    private final ModelWatch watch;

    /** @param watch is told of deletions, after the commit */
    public VersionStateService(
            Access access, Catalog catalog, InstantSource clock, AliasService aliases, ModelWatch watch) {
        this.access = access;
        this.catalog = catalog;
        this.clock = clock;
        this.aliases = aliases;
        this.watch = watch;
    }

    /** A change within the transaction; its answer becomes the detail of the audit entry. */
    @FunctionalInterface
    private interface Act {
        ObjectNode apply(CatalogTransaction tx, RegisteredModel model, PublishedVersion version, Change change);
    }

    private VersionWithOrigin change(
            ModelName name, Selector which, String action, Actor actor, String reason, Act act) {
        Change change = actor.change(clock.instant(), reason);
        return catalog.write(tx -> {
            RegisteredModel model = VersionResolver.requireModel(tx, name);
            PublishedVersion version = VersionResolver.resolve(tx, model, which);
            ObjectNode detail = act.apply(tx, model, version, change);
            detail.put("model_id", model.id().value())
                    .put("version", version.summary().version().toString());
            tx.audit().append(change, action, model.name().toString(), detail);
            return VersionWithOrigin.of(tx, version);
        });
    }

    public VersionWithOrigin describe(ModelName name, Selector which, String description, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.description(description);
        return change(name, which, "version.describe", actor, reason, (tx, model, version, change) -> {
            VersionState state = tx.versionStates().get(version.summary().id());
            tx.versionStates().update(state.withDescription(description, change.at()));
            Events.versionUpdated(tx, version, "description", change);
            return Json.object();
        });
    }

    /**
     * Moves a version to a stage.
     *
     * @param archiveOthers whether those that are in the stage are archived
     */
    public VersionWithOrigin transition(
            ModelName name, Selector which, Stage stage, boolean archiveOthers, Actor actor, String reason) {
        access.require(Action.RELEASE, new Resource.Model(name));
        if (archiveOthers && !stage.active()) {
            throw ProblemException.invalid(
                    "archive_existing_versions",
                    "Others are archived when a version enters Staging or Production only, not " + stage.label() + ".");
        }
        return change(name, which, "version.stage", actor, reason, (tx, model, version, change) -> {
            if (archiveOthers) {
                for (long other : tx.versionStates().inStage(model.id(), stage, MOST_ARCHIVED)) {
                    if (other != version.summary().ordinal()) {
                        tx.versions()
                                .findByOrdinal(model.id(), other)
                                .ifPresent(row -> enter(tx, row, Stage.ARCHIVED, change));
                    }
                }
            }
            enter(tx, version, stage, change);
            touch(tx, model, change);
            return Json.object().put("stage", stage.label()).put("archive_others", archiveOthers);
        });
    }

    private static void enter(CatalogTransaction tx, PublishedVersion version, Stage stage, Change change) {
        VersionState state = tx.versionStates().get(version.summary().id());
        tx.versionStates().update(state.withStage(stage, change.at()));
        Events.versionUpdated(tx, version, "stage", change);
    }

    private static void touch(CatalogTransaction tx, RegisteredModel model, Change change) {
        tx.models().update(model.withUpdatedAt(change.at()));
    }

    /**
     * Deletes a version: nobody finds it any more, and its aliases are gone. Its number is not given again; what it
     * was, and its bytes, are kept for what it served.
     *
     * @throws ProblemException of kind CONFLICT when an endpoint serves it
     */
    public void delete(ModelName name, Selector which, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        try {
            remove(name, which, actor, reason);
        } finally {
            watch.changed();
        }
    }

    private void remove(ModelName name, Selector which, Actor actor, String reason) {
        change(name, which, "version.delete", actor, reason, (tx, model, version, change) -> {
            Serving.requireNone(tx, model, Optional.of(version.summary().version()));
            requireNotHeld(tx, version);
            aliases.drop(tx, model, version.summary(), change);
            VersionState state = tx.versionStates().get(version.summary().id());
            tx.versionStates().update(state.deleted(change.at()));
            touch(tx, model, change);
            Events.versionDeleted(tx, version, change);
            return Json.object();
        });
    }

    private static void requireNotHeld(CatalogTransaction tx, PublishedVersion version) {
        long id = version.summary().id();
        Change hold = tx.retention().holds(List.of(id)).get(id);
        if (hold != null) {
            throw ProblemException.conflict(version.summary().model() + "@"
                    + version.summary().version() + " is held by " + hold.actor() + " since " + hold.at()
                    + ". Release it first: modelward retention release.");
        }
    }

    /**
     * Brings back a version that was deleted, as it was. Its aliases stay gone.
     *
     * @throws ProblemException of kind NOT_FOUND when there never was such a version, or its model is deleted; CONFLICT
     *     when its bytes are gone
     */
    public VersionWithOrigin undelete(ModelName name, SemVer number, Actor actor, String reason) {
        access.require(Action.DELETE, new Resource.Model(name));
        Change change = actor.change(clock.instant(), reason);
        try {
            return catalog.write(tx -> {
                RegisteredModel model = VersionResolver.requireModel(tx, name);
                PublishedVersion version = VersionResolver.kept(tx, model.id(), name, number);
                if (!version.active()) {
                    restore(tx, model, version, change);
                }
                return VersionWithOrigin.of(tx, VersionResolver.resolve(tx, model, new Selector.Exact(number)));
            });
        } finally {
            watch.changed();
        }
    }

    private static void restore(CatalogTransaction tx, RegisteredModel model, PublishedVersion version, Change change) {
        VersionState state = tx.versionStates().get(version.summary().id());
        tx.retention()
                .tombstone(version.summary().id())
                .flatMap(Tombstone::purgedAt)
                .ifPresent(at -> {
                    throw gone(version, at);
                });
        tx.retention().deleteTombstone(version.summary().id());
        tx.versionStates().update(state.undeleted(change.at()));
        touch(tx, model, change);
        Events.versionUpdated(tx, version, "undeleted", change);
        ObjectNode detail = Json.object()
                .put("model_id", model.id().value())
                .put("version", version.summary().version().toString());
        tx.audit().append(change, "version.undelete", model.name().toString(), detail);
    }

    private static ProblemException gone(PublishedVersion version, Instant at) {
        return ProblemException.conflict(version.summary().model() + "@"
                + version.summary().version() + " cannot be brought back: its files ("
                + version.summary().size() + " bytes) were given up at " + at
                + ", when the time to bring it back had ended. Its card, its manifest and its number are kept."
                + " Publish the files again under another number.");
    }

    public void setTag(ModelName name, Selector which, KeyValue tag, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.tag(tag);
        if (NUMBER_TAGS.contains(tag.key())) {
            throw ProblemException.invalid(
                    "key",
                    tag.key() + " chooses a version's number when it is registered, and does not change it later."
                            + " Pass the tag with the registration.");
        }
        change(name, which, "version.tag", actor, reason, (tx, model, version, change) -> {
            tx.versionTags().set(version.summary().id(), tag);
            Events.tagSet(tx, version, tag, change);
            return Json.object().put("key", tag.key());
        });
    }

    /** Deleting a tag that is not there changes nothing. */
    public void deleteTag(ModelName name, Selector which, String key, Actor actor, String reason) {
        access.require(Action.DESCRIBE, new Resource.Model(name));
        ModelTexts.key(key);
        change(name, which, "version.untag", actor, reason, (tx, model, version, change) -> {
            if (tx.versionTags().delete(version.summary().id(), key)) {
                Events.tagDeleted(tx, version, key, change);
            }
            return Json.object().put("key", key);
        });
    }
}
