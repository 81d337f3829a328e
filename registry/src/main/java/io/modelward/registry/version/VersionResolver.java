package io.modelward.registry.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Versions;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** What a selector means now. */
public final class VersionResolver {

    private VersionResolver() {}

    /** @throws ProblemException of kind NOT_FOUND that says which part is not there */
    public static Versions.Row resolve(CatalogTransaction catalog, ModelName model, Selector selector) {
        requireModel(catalog, model);
        Versions versions = catalog.versions();
        Optional<Versions.Row> found = switch (selector) {
            case Selector.Exact exact -> versions.find(model, exact.version());
            case Selector.Range range -> highest(versions, model, range.range()::contains);
            case Selector.Latest _ -> highest(versions, model, version -> !version.isPreRelease());
            case Selector.ByDigest digest -> versions.findByDigest(model, digest.digest());
            case Selector.ByOrdinal ordinal -> versions.findByOrdinal(model, ordinal.ordinal());
            case Selector.Alias alias ->
                catalog.aliases()
                        .latest(model, alias.alias().value())
                        .flatMap(move -> move.ordinal().isPresent()
                                ? versions.findByOrdinal(model, move.ordinal().getAsLong())
                                : Optional.empty());
        };
        return found.orElseThrow(() -> ProblemException.notFound(missing(model, selector)));
    }

    /** @throws ProblemException of kind NOT_FOUND */
    public static void requireModel(CatalogTransaction catalog, ModelName model) {
        if (catalog.models().find(model).isEmpty()) {
            throw ProblemException.notFound("There is no model " + model + ". List the models to see which there are.");
        }
    }

    private static Optional<Versions.Row> highest(Versions versions, ModelName model, Predicate<SemVer> wanted) {
        return versions.numbers(model).stream()
                .filter(wanted)
                .max(Comparator.naturalOrder())
                .flatMap(version -> versions.find(model, version));
    }

    private static String missing(ModelName model, Selector selector) {
        return switch (selector) {
            case Selector.Exact _ -> model + " has no version " + selector + ".";
            case Selector.Range _ -> model + " has no version in the range " + selector + ".";
            case Selector.Latest _ -> model + " has no released version yet.";
            case Selector.ByDigest _ -> model + " has no version with the digest " + selector + ".";
            case Selector.ByOrdinal _ -> model + " has no version with the " + selector + ".";
            case Selector.Alias _ -> model + " has no alias " + selector + ".";
        };
    }
}
