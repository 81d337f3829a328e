package io.modelward.core.fields;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Nearest;
import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Reads members of a JSON object; what is wrong is named with its whole path. */
public record JsonFields(JsonNode json, String path) {

    public JsonFields {
        if (!json.isObject()) {
            throw ProblemException.invalid(
                    path.isEmpty() ? "body" : path, (path.isEmpty() ? "The body" : path) + " is a JSON object.");
        }
    }

    /** Refuses members that are not known: a misspelt limit must not silently be the default one. */
    public JsonFields only(Collection<String> known) {
        for (String name : json.propertyNames()) {
            if (!known.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw ProblemException.invalid(
                        field(shown),
                        "There is no field " + Quoted.of(name) + " here." + Nearest.words(name, known) + " Known are: "
                                + String.join(", ", known) + ".");
            }
        }
        return this;
    }

    public String field(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public Optional<JsonNode> member(String name) {
        JsonNode value = json.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    public Optional<JsonFields> object(String name) {
        return member(name).map(value -> new JsonFields(value, field(name)));
    }

    public double number(String name, double otherwise, double least, double most) {
        return member(name)
                .map(value -> {
                    if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
                        throw ProblemException.invalid(
                                field(name),
                                field(name) + " is a number from " + plain(least) + " to " + plain(most) + ".");
                    }
                    return value.doubleValue();
                })
                .orElse(otherwise);
    }

    public long whole(String name, long otherwise, long most) {
        return member(name)
                .map(value -> {
                    if (!value.isIntegralNumber()
                            || !value.canConvertToLong()
                            || value.longValue() < 0
                            || value.longValue() > most) {
                        throw ProblemException.invalid(
                                field(name), field(name) + " is a whole number from 0 to " + most + ".");
                    }
                    return value.longValue();
                })
                .orElse(otherwise);
    }

    public Duration duration(String name, Duration otherwise) {
        return member(name)
                .map(value -> Durations.parse(value.isString() ? value.stringValue() : "", field(name)))
                .orElse(otherwise);
    }

    public <E extends Enum<E>> E word(String name, E otherwise, E[] all, Function<E, String> label) {
        return member(name).map(value -> word(value, field(name), all, label)).orElse(otherwise);
    }

    public static <E extends Enum<E>> E word(JsonNode value, String field, E[] all, Function<E, String> label) {
        return Arrays.stream(all)
                .filter(candidate -> value.isString() && label.apply(candidate).equals(value.stringValue()))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        field,
                        field + " is one of: " + Arrays.stream(all).map(label).collect(Collectors.joining(", "))
                                + "."));
    }

    private static String plain(double value) {
        return java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
