package io.modelward.registry.retention;

import io.modelward.core.audit.Change;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.retention.KeepReason;
import io.modelward.core.retention.KeepReason.Why;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionPlan;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.retention.VersionFacts;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelId;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.RetentionTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what a plan decides on, within the caller's transaction. Preview, run and purge read the same. */
final class RetentionFacts {

    private final List<VersionKeeper> keepers;

    /** @param keepers others that keep versions; the list may grow */
    RetentionFacts(List<VersionKeeper> keepers) {
        this.keepers = keepers;
    }

    /** The rule in force for a model: the nearest one. */
    static Optional<KeptRule> inForce(CatalogTransaction tx, RegisteredModel model) {
        RetentionTables tables = tx.retention();
        return tables.rule(new RetentionScope.OfModel(model.id()))
                .or(() ->
                        tables.rule(RetentionScope.Namespace.parse(model.name().namespace())))
                .or(() -> tables.rule(RetentionScope.SERVER));
    }

    /** What the rule in force does to the versions of a model. */
    RetentionPlan plan(CatalogTransaction tx, RegisteredModel model, Optional<KeptRule> rule, Instant now) {
        List<RetentionTables.Kept> versions = tx.retention().versions(model.id());
        List<Long> ids = versions.stream().map(RetentionTables.Kept::id).toList();
        Map<Long, List<KeepReason>> always = always(tx, model.id(), ids, now);
        Map<Long, List<Long>> parents = tx.retention().parents(ids);
        Map<Long, List<KeyValue>> tags = tx.versionTags().of(ids);
        Map<Long, List<String>> aliases = tx.aliases().list(model.id()).stream()
                .collect(Collectors.groupingBy(
                        ModelAlias::ordinal, Collectors.mapping(ModelAlias::alias, Collectors.toList())));
        Map<Long, List<String>> named = aliased(tx, model.id(), aliases);
        return RetentionPlan.of(
                rule.map(KeptRule::rule),
                versions.stream()
                        .map(version -> new VersionFacts(
                                version.id(),
                                version.version(),
                                version.publishedAt(),
                                version.bytes(),
                                named.getOrDefault(version.id(), List.of()),
                                tags.getOrDefault(version.id(), List.of()),
                                always.getOrDefault(version.id(), List.of()),
                                parents.getOrDefault(version.id(), List.of()),
                                version.again()))
                        .toList(),
                now);
    }

    private static Map<Long, List<String>> aliased(
            CatalogTransaction tx, ModelId model, Map<Long, List<String>> byOrdinal) {
        Map<Long, List<String>> named = new HashMap<>();
        byOrdinal.forEach((ordinal, aliases) -> tx.versions()
                .findByOrdinal(model, ordinal)
                .ifPresent(version -> named.put(version.summary().id(), aliases)));
        return named;
    }

    /** The reasons that keep versions whatever a rule says, but for versions of the same model that were made of them. */
    Map<Long, List<KeepReason>> always(CatalogTransaction tx, ModelId model, Collection<Long> ids, Instant now) {
        Map<Long, List<KeepReason>> found = new HashMap<>();
        RetentionTables tables = tx.retention();
        tables.holds(ids).forEach((id, hold) -> add(found, id, Why.HELD, reason(hold)));
        for (RetentionTables.Reference reference : tables.references(model)) {
            Why why = switch (reference.use()) {
                case ROUTE -> Why.LIVE;
                case ROLLOUT -> Why.ROLLOUT;
                case QUARANTINE -> Why.QUARANTINE;
            };
            add(found, reference.version(), why, reference.endpoint());
        }
        tables.childrenElsewhere(model)
                .forEach((id, children) ->
                        children.stream().limit(3).forEach(child -> add(found, id, Why.PARENT, child)));
        tables.ofOpenDrafts(model, now).forEach(id -> add(found, id, Why.DRAFT, ""));
        tables.ofOpenRuns(model)
                .forEach((id, runs) -> runs.stream().limit(3).forEach(run -> add(found, id, Why.RUN, run)));
        keepers.forEach(keeper -> keeper.kept(tx, model).forEach((id, words) -> add(found, id, Why.USED, words)));
        return found;
    }

    private static String reason(Change hold) {
        return "by " + hold.actor() + (hold.reason().isEmpty() ? "" : ": " + hold.reason());
    }

    private static void add(Map<Long, List<KeepReason>> into, long id, Why why, String detail) {
        into.computeIfAbsent(id, none -> new ArrayList<>()).add(new KeepReason(why, detail));
    }
}
