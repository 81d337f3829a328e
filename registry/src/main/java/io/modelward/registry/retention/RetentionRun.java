package io.modelward.registry.retention;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionState;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionPlan;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.retention.VersionFacts;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.SemVer;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes what a plan says, some versions per transaction. Each transaction makes the plan anew, so a version that
 * became needed since the plan was shown stays.
 */
final class RetentionRun {

    /** Versions per transaction, and per entry of the audit log. */
    static final int AT_ONCE = 200;

    private final Catalog catalog;
    private final RetentionFacts facts;
    private final Failpoints failpoints;
    private final Duration window;

    /** @param window how long a deleted version can be brought back */
    RetentionRun(Catalog catalog, RetentionFacts facts, Failpoints failpoints, Duration window) {
        this.catalog = catalog;
        this.facts = facts;
        this.failpoints = failpoints;
        this.window = window;
    }

    /**
     * Deletes those of the versions that the plan still deletes.
     *
     * @param wanted ids of versions that a plan deleted
     * @return what was deleted, the highest first
     */
    List<VersionFacts> delete(ModelId id, Set<Long> wanted, Change change, int most) {
        List<VersionFacts> deleted = new ArrayList<>();
        while (deleted.size() < most) {
            int limit = Math.min(AT_ONCE, most - deleted.size());
            List<VersionFacts> some = catalog.write(tx -> deleteSome(tx, id, wanted, change, limit));
            deleted.addAll(some);
            if (some.size() < limit) {
                break;
            }
        }
        return deleted.stream()
                .sorted(Comparator.comparing(VersionFacts::version).reversed())
                .toList();
    }

    private List<VersionFacts> deleteSome(
            CatalogTransaction tx, ModelId id, Set<Long> wanted, Change change, int limit) {
        Optional<RegisteredModel> model = tx.models().find(id).filter(RegisteredModel::active);
        Optional<KeptRule> rule = model.flatMap(one -> RetentionFacts.inForce(tx, one));
        if (model.isEmpty() || rule.isEmpty()) {
            return List.of();
        }
        RetentionPlan plan = facts.plan(tx, model.get(), rule, change.at());
        // The newest first: what was made of a version goes no later than the version.
        List<VersionFacts> go = plan.deletions().stream()
                .filter(one -> wanted.contains(one.id()))
                .sorted(Comparator.comparingLong(VersionFacts::id).reversed())
                .limit(limit)
                .toList();
        if (go.isEmpty()) {
            return go;
        }
        go.forEach(one -> delete(tx, model.get(), one, rule.get(), change));
        tx.models().update(model.get().withUpdatedAt(change.at()));
        ObjectNode detail = Json.object().put("model_id", id.value());
        ArrayNode list = detail.putArray("versions");
        go.stream().map(VersionFacts::version).map(SemVer::toString).forEach(list::add);
        detail.put("bytes", go.stream().mapToLong(VersionFacts::bytes).sum())
                .put("scope", rule.get().scope().key());
        detail.set("rule", rule.get().rule().toJson());
        failpoints.pass("retention.before-audit");
        tx.audit().append(change, "retention.run", model.get().name().toString(), detail);
        return go;
    }

    private void delete(CatalogTransaction tx, RegisteredModel model, VersionFacts one, KeptRule rule, Change change) {
        VersionState state = tx.versionStates().get(one.id());
        tx.versionStates().update(state.deleted(change.at()));
        tx.retention()
                .insertTombstone(new Tombstone(
                        one.id(), rule.scope(), rule.rule(), change, undeleteUntil(change), Optional.empty()));
        PublishedVersion version = tx.versions().find(one.id()).orElseThrow();
        Events.versionDeleted(tx, version, change);
        tx.audit()
                .append(
                        change,
                        "version.delete",
                        model.name().toString(),
                        Json.object()
                                .put("model_id", model.id().value())
                                .put("version", one.version().toString())
                                .put("retention", rule.scope().key()));
    }

    /** Until when what is deleted by a change can be brought back. */
    Instant undeleteUntil(Change change) {
        return change.at().plus(window);
    }

    static Set<Long> ids(RetentionPlan plan) {
        return plan.deletions().stream().map(VersionFacts::id).collect(Collectors.toSet());
    }
}
