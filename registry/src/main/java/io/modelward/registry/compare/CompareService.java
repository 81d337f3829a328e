package io.modelward.registry.compare;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.signature.Comparison;
import io.modelward.core.signature.Compatibility;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.version.Provenance;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what differs between two versions of a model. */
public final class CompareService {

    /** What is compared on its own, or differs by its nature. */
    private static final Set<String> APART =
            Set.of("performance", "hyperparameters", "version", "created_at", "updated_at");

    private final Access access;
    private final Catalog catalog;

    public CompareService(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /** How a thing differs from one version to the other. */
    public enum State {
        SAME,
        CHANGED,
        ADDED,
        REMOVED
    }

    /** A named value in both. */
    public record Difference<T>(String name, Optional<T> from, Optional<T> to) {

        public State state() {
            if (from.isEmpty()) {
                return State.ADDED;
            }
            if (to.isEmpty()) {
                return State.REMOVED;
            }
            return from.equals(to) ? State.SAME : State.CHANGED;
        }
    }

    /** A metric in both. */
    public record Metric(String name, OptionalDouble from, OptionalDouble to) {}

    /** All differences, and those equal things that tell something. */
    public record VersionComparison(
            VersionSummary from,
            VersionSummary to,
            List<Metric> metrics,
            List<Difference<JsonNode>> hyperparameters,
            Comparison signature,
            List<Difference<FileEntry>> files,
            List<Difference<JsonNode>> card,
            List<Difference<JsonNode>> provenance) {}

    public VersionComparison compare(ModelName model, Selector from, Selector to) {
        access.require(Action.READ, new Resource.Model(model));
        record Pair(PublishedVersion from, PublishedVersion to, JsonNode origin, JsonNode newOrigin) {}
        Pair pair = catalog.read(tx -> {
            PublishedVersion old = VersionResolver.resolve(tx, model, from);
            PublishedVersion fresh = VersionResolver.resolve(tx, model, to);
            return new Pair(old, fresh, origin(tx, old), origin(tx, fresh));
        });
        JsonNode oldCard = pair.from().shownCard();
        JsonNode newCard = pair.to().shownCard();
        return new VersionComparison(
                pair.from().summary(),
                pair.to().summary(),
                metrics(oldCard.path("performance"), newCard.path("performance")),
                members(oldCard.path("hyperparameters"), newCard.path("hyperparameters"), Set.of()),
                Compatibility.compare(pair.from().signature(), pair.to().signature()),
                differences(files(pair.from()), files(pair.to())),
                members(oldCard, newCard, APART).stream()
                        .filter(difference -> difference.state() != State.SAME)
                        .toList(),
                members(pair.origin(), pair.newOrigin(), Set.of("external")));
    }

    /**
     * Where a version came from, with the run's members among its own; what the run measured is compared as the cards
     * have it.
     */
    private static JsonNode origin(CatalogTransaction tx, PublishedVersion row) {
        ObjectNode flat = Json.object();
        Provenance.of(tx, row.summary().id()).ifPresent(provenance -> {
            ObjectNode json = provenance.toJson();
            json.path("run").properties().stream()
                    .filter(member -> !Set.of("parameters", "metrics").contains(member.getKey()))
                    .forEach(member -> flat.set("run " + member.getKey(), member.getValue()));
            json.remove("run");
            flat.setAll(json);
        });
        return flat;
    }

    private static List<Metric> metrics(JsonNode from, JsonNode to) {
        List<Metric> metrics = new ArrayList<>();
        for (String name : names(from, to)) {
            metrics.add(new Metric(name, number(from.path(name)), number(to.path(name))));
        }
        return metrics;
    }

    private static OptionalDouble number(JsonNode value) {
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    private static Set<String> names(JsonNode from, JsonNode to) {
        Set<String> names = new LinkedHashSet<>(from.propertyNames());
        names.addAll(to.propertyNames());
        return names;
    }

    private static List<Difference<JsonNode>> members(JsonNode from, JsonNode to, Set<String> without) {
        Map<String, JsonNode> old = new LinkedHashMap<>();
        Map<String, JsonNode> fresh = new LinkedHashMap<>();
        from.properties().forEach(entry -> old.put(entry.getKey(), entry.getValue()));
        to.properties().forEach(entry -> fresh.put(entry.getKey(), entry.getValue()));
        old.keySet().removeAll(without);
        fresh.keySet().removeAll(without);
        return differences(old, fresh);
    }

    private static Map<String, FileEntry> files(PublishedVersion row) {
        Map<String, FileEntry> files = new TreeMap<>();
        for (FileEntry file : row.manifest().files()) {
            files.put(file.path().value(), file);
        }
        return files;
    }

    private static <T> List<Difference<T>> differences(Map<String, T> from, Map<String, T> to) {
        Set<String> names = new TreeSet<>(from.keySet());
        names.addAll(to.keySet());
        return names.stream()
                .map(name ->
                        new Difference<>(name, Optional.ofNullable(from.get(name)), Optional.ofNullable(to.get(name))))
                .toList();
    }
}
