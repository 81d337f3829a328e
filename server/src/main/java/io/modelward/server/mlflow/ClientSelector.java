package io.modelward.server.mlflow;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.Stage;
import io.modelward.core.version.Selector;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How MLflow's clients name a version: {@code 3} is an ordinal, {@code Production} the newest version in that stage,
 * {@code latest} the newest of all; anything else is a selector as everywhere, ranges with commas too.
 */
final class ClientSelector {

    private static final Pattern ORDINAL = Pattern.compile("[0-9]{1,18}");

    private ClientSelector() {}

    static Selector parse(String text) {
        if (isOrdinal(text)) {
            return new Selector.ByOrdinal(Long.parseLong(text));
        }
        Optional<Stage> stage = Stage.find(text);
        if (stage.isPresent()) {
            return new Selector.InStage(stage.get().label());
        }
        return text.equals("latest") ? new Selector.Newest() : selector(text);
    }

    /** The version whose number stands in the field {@code version}. */
    static Selector ordinal(String text) {
        if (!ORDINAL.matcher(text).matches()) {
            throw ProblemException.invalid(
                    "version", "Parameter 'version' must be an integer, got '" + Quoted.plain(text) + "'.");
        }
        long ordinal = Long.parseLong(text);
        if (ordinal == 0) {
            // Ordinals begin at 1, so this is a version that is never there.
            throw ProblemException.missing("version", "ordinal:0", "There is no version 0.");
        }
        return new Selector.ByOrdinal(ordinal);
    }

    /** A selector that is no alias, where a client puts one in the place of a stage or an alias. */
    static Optional<Selector> inPlaceOfName(String text) {
        try {
            return Optional.of(selector(text)).filter(found -> !(found instanceof Selector.Alias));
        } catch (ProblemException none) {
            return Optional.empty();
        }
    }

    private static boolean isOrdinal(String text) {
        return ORDINAL.matcher(text).matches() && Long.parseLong(text) > 0;
    }

    private static Selector selector(String text) {
        return Selector.parse(text.replaceAll("\\s*,\\s*", " "));
    }
}
