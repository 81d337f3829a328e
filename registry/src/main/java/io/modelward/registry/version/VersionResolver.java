package io.modelward.registry.version;

import io.modelward.core.access.Resource;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.search.Nearest;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the version that a selector means now. */
public final class VersionResolver {

    private VersionResolver() {}

    /** @throws ProblemException of kind NOT_FOUND that says which part is not there */
    public static PublishedVersion resolve(CatalogTransaction catalog, ModelName model, Selector selector) {
        return resolve(catalog, requireModel(catalog, model), selector);
    }

    private static final int MOST_NAMES = 1000;
    private static final int MOST_SHOWN = 5;

    /** @throws ProblemException of kind NOT_FOUND when there is no such version, or it was deleted */
    public static PublishedVersion resolve(CatalogTransaction catalog, RegisteredModel of, Selector selector) {
        ModelId model = of.id();
        Versions versions = catalog.versions();
        Optional<PublishedVersion> found = switch (selector) {
            case Selector.Exact exact -> versions.find(model, exact.version());
            case Selector.Range range -> versions.highest(model, range.range()::contains);
            case Selector.Latest _ -> versions.highest(model, version -> !version.isPreRelease());
            case Selector.ByDigest digest -> versions.findByDigest(model, digest.digest());
            case Selector.ByOrdinal ordinal -> versions.findByOrdinal(model, ordinal.ordinal());
            case Selector.Alias alias ->
                catalog.aliases()
                        .latest(model, alias.alias().value())
                        .flatMap(move -> move.ordinal().isPresent()
                                ? versions.findByOrdinal(model, move.ordinal().getAsLong())
                                : Optional.empty());
            case Selector.InStage in -> inStage(catalog, model, Stage.find(in.stage()).stream());
            case Selector.Newest _ -> inStage(catalog, model, Stage.ALL.stream());
        };
        return found.filter(PublishedVersion::active)
                .orElseThrow(() -> missing(
                        of.name(),
                        selector,
                        found.isPresent()
                                ? deleted(found.get())
                                : words(of.name(), selector)
                                        + (selector instanceof Selector.Alias ? "" : newest(versions, model))));
    }

    private static Optional<PublishedVersion> inStage(CatalogTransaction tx, ModelId model, Stream<Stage> stages) {
        return stages.flatMap(stage -> tx.versionStates().newestIn(model, stage).stream())
                .max(Long::compare)
                .flatMap(ordinal -> tx.versions().findByOrdinal(model, ordinal));
    }

    /** The version behind a stored reference, also when the version or its model was deleted or renamed since. */
    public static PublishedVersion kept(CatalogTransaction catalog, ModelId id, ModelName name, SemVer version) {
        ModelId model = id.known() ? id : requireModel(catalog, name).id();
        return catalog.versions().find(model, version).orElseThrow(() -> {
            Selector exact = new Selector.Exact(version);
            return missing(name, exact, words(name, exact) + newest(catalog.versions(), model));
        });
    }

    /** @throws ProblemException of kind NOT_FOUND */
    public static RegisteredModel requireModel(CatalogTransaction catalog, ModelName model) {
        return catalog.models().find(model).orElseThrow(() -> {
            ProblemException missing = new Resource.Model(model).missing();
            return Nearest.of(model.toString(), names(catalog))
                    .map(near -> missing.guessing("There is no model " + model + ". Did you mean " + near + "?"))
                    .orElse(missing);
        });
    }

    /** Of many models the first thousand are looked at: this is for people who mistype. */
    private static List<String> names(CatalogTransaction catalog) {
        return catalog.models().list("", MOST_NAMES).stream()
                .map(model -> model.name().toString())
                .toList();
    }

    /**
     * The model of an identity, under whatever name.
     *
     * @throws ProblemException of kind NOT_FOUND when it was deleted
     */
    public static RegisteredModel requireModel(CatalogTransaction catalog, ModelId id, ModelName name) {
        return id.known()
                ? catalog.models()
                        .find(id)
                        .filter(RegisteredModel::active)
                        .orElseThrow(() -> ProblemException.missing(
                                "model",
                                name.toString(),
                                "The model " + name + " was deleted. Name the model whose version you mean."))
                : requireModel(catalog, name);
    }

    /** The highest versions, for a caller who asked for one that is not there. */
    private static String newest(Versions versions, ModelId model) {
        List<String> newest = new ArrayList<>();
        Optional<SemVer> below = Optional.empty();
        while (newest.size() < MOST_SHOWN) {
            Optional<SemVer> last = below;
            Optional<SemVer> next = versions.highest(
                            model, version -> last.isEmpty() || version.compareTo(last.get()) < 0)
                    .map(found -> found.summary().version());
            if (next.isEmpty()) {
                break;
            }
            newest.add(next.get().toString());
            below = next;
        }
        return newest.isEmpty()
                ? ""
                : " It has " + String.join(", ", newest) + (newest.size() < MOST_SHOWN ? "." : " …");
    }

    private static String deleted(PublishedVersion row) {
        VersionSummary summary = row.summary();
        return summary.model() + "@" + summary.version() + " was deleted at "
                + summary.deletedAt().orElseThrow() + ". Its number is not given again.";
    }

    private static ProblemException missing(ModelName model, Selector selector, String detail) {
        return Problem.of(ProblemType.NOT_FOUND, detail)
                .with("missing", selector instanceof Selector.Alias ? "alias" : "version")
                .with("named", selector.toString())
                .with("model", model.toString())
                .exception();
    }

    private static String words(ModelName model, Selector selector) {
        return switch (selector) {
            case Selector.Exact _ -> model + " has no version " + selector + ".";
            case Selector.Range _ -> model + " has no version in the range " + selector + ".";
            case Selector.Latest _ -> model + " has no released version yet.";
            case Selector.ByDigest _ -> model + " has no version with the digest " + selector + ".";
            case Selector.InStage _ -> model + " has no version in " + selector + ".";
            case Selector.Newest _ ->
                model + " has no version yet, or only such as a gate of a job held back or as were made to reproduce"
                        + " another. Name one of those by its number.";
            case Selector.ByOrdinal _ -> model + " has no version with the " + selector + ".";
            case Selector.Alias _ -> model + " has no alias " + selector + ". List its aliases, or name a version.";
        };
    }
}
