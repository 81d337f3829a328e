package io.modelward.registry.webhook;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.core.webhook.Event;
import io.modelward.registry.notification.Notices;
import io.modelward.registry.version.VersionFiles;
import io.modelward.registry.version.VersionWithOrigin;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes events from the services, within the transaction of the change. The data of an event have MLflow's fields, and
 * some of our own.
 */
public final class Events {

    private Events() {}

    /** The model was made, and its tags are set. */
    public static void modelCreated(CatalogTransaction tx, RegisteredModel model, Change change) {
        Outbox.put(tx, change.at(), Event.REGISTERED_MODEL_CREATED, () -> {
            ObjectNode data = name(model.name());
            long id = model.id().value();
            tags(data, tx.modelTags().of(List.of(id)).getOrDefault(id, List.of()));
            return description(data, model.description());
        });
    }

    /** @param changed name, description or tags */
    public static void modelUpdated(CatalogTransaction tx, RegisteredModel model, String changed, Change change) {
        Outbox.put(
                tx,
                change.at(),
                Event.REGISTERED_MODEL_UPDATED,
                () -> description(name(model.name()).put("changed", changed), model.description()));
    }

    /** With its versions, of which nothing is said. */
    public static void modelDeleted(CatalogTransaction tx, RegisteredModel model, Change change) {
        Outbox.put(tx, change.at(), Event.REGISTERED_MODEL_DELETED, () -> name(model.name()));
    }

    /** The version is whole: its tags and its description are there. */
    public static void versionCreated(CatalogTransaction tx, PublishedVersion row, Change change) {
        versionPublished(tx, row.summary(), change);
        Outbox.put(tx, change.at(), Event.MODEL_VERSION_CREATED, () -> {
            VersionWithOrigin version = VersionWithOrigin.of(tx, row);
            ObjectNode data = version(row.summary())
                    .put(
                            "source",
                            version.origin()
                                    .map(VersionOrigin::source)
                                    .orElseGet(() -> VersionFiles.location(row.summary())))
                    .put("run_id", version.origin().flatMap(VersionOrigin::run).orElse(null));
            tags(data, version.tags());
            return description(data, version.state().description())
                    .put("semver", row.summary().version().toString())
                    .put("digest", row.summary().digest().toString());
        });
    }

    /** A version that was published here, or registered through MLflow's door. */
    private static void versionPublished(CatalogTransaction tx, VersionSummary version, Change change) {
        Outbox.put(
                tx,
                change.at(),
                Event.VERSION_PUBLISHED,
                () -> by(own(version.model().toString(), version.version().toString()), change)
                        .put("digest", version.digest().toString()));
    }

    /** The version that callers get is another one since. */
    public static void endpointMoved(CatalogTransaction tx, RouteRevision revision) {
        Outbox.put(
                tx,
                revision.change().at(),
                Event.ENDPOINT_MOVED,
                () -> by(
                                own(
                                        revision.active().model().toString(),
                                        revision.active().version().toString()),
                                revision.change())
                        .put("digest", revision.active().digest().toString())
                        .put("endpoint", revision.endpoint())
                        .put("revision", revision.revision())
                        .put("cause", revision.cause()));
    }

    /** @param event one of a rollout */
    public static void rollout(CatalogTransaction tx, Event event, Rollout rollout, Change change) {
        RolloutNotice.of(event, rollout, change).ifPresent(notice -> Notices.put(tx, notice));
        Outbox.put(tx, change.at(), event, () -> {
            ObjectNode data = own(
                            rollout.candidate().model().toString(),
                            rollout.candidate().version().toString())
                    .put("digest", rollout.candidate().digest().toString())
                    .put("endpoint", rollout.endpoint())
                    .put("rollout", rollout.id())
                    .put("state", rollout.state().name())
                    .put("active", rollout.active().version().toString());
            return data.put("actor", change.actor())
                    .put("reason", rollout.progress().reason());
        });
    }

    /**
     * Something that happened to a version's process, which no change of the catalog tells of.
     *
     * @param event {@link Event#VERSION_LOAD_FAILED} or {@link Event#WORKER_DIED}
     */
    public static void process(
            CatalogTransaction tx, Event event, String model, String version, String why, Instant at) {
        Outbox.put(tx, at, event, () -> own(model, version).put("why", why));
    }

    private static ObjectNode own(String model, String version) {
        return Json.object().put("model", model).put("version", version);
    }

    private static ObjectNode by(ObjectNode data, Change change) {
        return data.put("actor", change.actor()).put("reason", change.reason());
    }

    /** @param changed description or stage */
    public static void versionUpdated(CatalogTransaction tx, PublishedVersion row, String changed, Change change) {
        Outbox.put(tx, change.at(), Event.MODEL_VERSION_UPDATED, () -> {
            var state = tx.versionStates().get(row.summary().id());
            return description(version(row.summary()).put("changed", changed), state.description())
                    .put("stage", state.stage().label());
        });
    }

    public static void versionDeleted(CatalogTransaction tx, PublishedVersion row, Change change) {
        Outbox.put(tx, change.at(), Event.MODEL_VERSION_DELETED, () -> version(row.summary()));
    }

    public static void tagSet(CatalogTransaction tx, PublishedVersion row, KeyValue tag, Change change) {
        Outbox.put(
                tx,
                change.at(),
                Event.MODEL_VERSION_TAG_SET,
                () -> version(row.summary()).put("key", tag.key()).put("value", tag.value()));
    }

    public static void tagDeleted(CatalogTransaction tx, PublishedVersion row, String key, Change change) {
        Outbox.put(
                tx,
                change.at(),
                Event.MODEL_VERSION_TAG_DELETED,
                () -> version(row.summary()).put("key", key));
    }

    /** @param ordinal of the version that the alias points to now; empty: it is gone */
    public static void aliasMoved(
            CatalogTransaction tx, RegisteredModel model, String alias, OptionalLong ordinal, Change change) {
        Event event = ordinal.isPresent() ? Event.MODEL_VERSION_ALIAS_CREATED : Event.MODEL_VERSION_ALIAS_DELETED;
        Outbox.put(tx, change.at(), event, () -> {
            ObjectNode data = name(model.name()).put("alias", alias);
            ordinal.ifPresent(version -> data.put("version", Long.toString(version)));
            return data;
        });
    }

    /** Models of other namespaces, which MLflow's clients do not see, are named in full. */
    private static ObjectNode name(ModelName model) {
        boolean seen = model.namespace().equals(ModelName.DEFAULT_NAMESPACE);
        return Json.object().put("name", seen ? model.name() : model.toString());
    }

    private static ObjectNode version(VersionSummary version) {
        return name(version.model()).put("version", Long.toString(version.ordinal()));
    }

    private static void tags(ObjectNode data, Collection<KeyValue> tags) {
        ObjectNode json = data.putObject("tags");
        tags.forEach(tag -> json.put(tag.key(), tag.value()));
    }

    private static ObjectNode description(ObjectNode data, String text) {
        return text.isEmpty() ? data.putNull("description") : data.put("description", text);
    }
}
