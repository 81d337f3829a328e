package io.modelward.registry.model;

import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.version.Selector;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How clients name a version whose protocol knows whole numbers and stages: {@code 3} is an ordinal, {@code Production} the newest version in that stage,
 * {@code latest} the newest of all; anything else is a selector as everywhere, ranges with commas too.
 */
public final class ClientSelector {

    private static final Pattern ORDINAL = Pattern.compile("[0-9]{1,18}");

    private ClientSelector() {}

    /** @throws ProblemException of kind NOT_FOUND, or INVALID when it selects nothing */
    public static PublishedVersion resolve(CatalogTransaction tx, RegisteredModel model, String text) {
        if (ORDINAL.matcher(text).matches()) {
            return ordinal(tx, model, Long.parseLong(text));
        }
        Optional<Stage> stage = Stage.find(text);
        if (stage.isPresent()) {
            return tx.versionStates().inStage(model.id(), stage.get(), 1).stream()
                    .findFirst()
                    .flatMap(ordinal -> tx.versions().findByOrdinal(model.id(), ordinal))
                    .orElseThrow(() -> ProblemException.notFound(model.name().name() + " has no version in stage "
                            + stage.get().label() + "."));
        }
        if (text.equals("latest")) {
            return newest(tx, model);
        }
        return VersionResolver.resolve(tx, model, selector(text));
    }

    /** Any text that selects by number: a version, a range, a digest. */
    public static Selector selector(String text) {
        return Selector.parse(text.replaceAll("\\s*,\\s*", " "));
    }

    /** The version at this place of the model's history. */
    public static PublishedVersion ordinal(CatalogTransaction tx, RegisteredModel model, long ordinal) {
        return tx.versions()
                .findByOrdinal(model.id(), ordinal)
                .filter(PublishedVersion::active)
                .orElseThrow(() -> ProblemException.notFound("Model Version (name="
                        + Quoted.plain(model.name().name()) + ", version=" + ordinal + ") not found"));
    }

    /** The version with this number, as the protocol's messages carry it. */
    public static PublishedVersion ordinal(CatalogTransaction tx, RegisteredModel model, String text) {
        if (!ORDINAL.matcher(text).matches()) {
            throw ProblemException.invalid(
                    "version", "Parameter 'version' must be an integer, got '" + Quoted.plain(text) + "'.");
        }
        return ordinal(tx, model, Long.parseLong(text));
    }

    private static PublishedVersion newest(CatalogTransaction tx, RegisteredModel model) {
        return Stage.ALL.stream()
                .flatMap(stage -> tx.versionStates().inStage(model.id(), stage, 1).stream())
                .max(Long::compare)
                .flatMap(ordinal -> tx.versions().findByOrdinal(model.id(), ordinal))
                .orElseThrow(() -> ProblemException.notFound(model.name().name() + " has no version yet."));
    }
}
