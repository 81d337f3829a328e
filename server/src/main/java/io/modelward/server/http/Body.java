package io.modelward.server.http;

import io.modelward.core.fields.JsonFields;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.search.Nearest;
import io.modelward.core.version.Selector;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The members of a JSON request. Every wrong one is named. */
public final class Body {

    private final JsonNode json;

    Body(JsonNode json, List<String> known) {
        if (!json.isObject()) {
            throw ProblemException.invalid("body", "The body is a JSON object.");
        }
        for (String name : json.propertyNames()) {
            if (!known.contains(name)) {
                String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw ProblemException.invalid(
                        shown,
                        "There is no field " + Quoted.of(shown) + " here."
                                + (known.isEmpty()
                                        ? " The body has no fields: leave the body empty."
                                        : Nearest.words(name, known) + " Known are: " + String.join(", ", known)
                                                + "."));
            }
        }
        this.json = json;
    }

    public Optional<String> string(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw ProblemException.invalid(name, name + " is a string.");
        }
        return Optional.of(value.stringValue());
    }

    public String required(String name) {
        return string(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> ProblemException.invalid(name, name + " is needed."));
    }

    /** A selector that is needed; what is wrong with it is told under the member's own name. */
    public Selector selector(String name) {
        try {
            return Selector.parse(required(name));
        } catch (ProblemException wrong) {
            Problem problem = wrong.problem();
            throw new Problem(problem.type(), problem.detail(), Optional.of(name), problem.extra()).exception();
        }
    }

    public boolean flag(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw ProblemException.invalid(name, name + " is true or false.");
        }
        return value.booleanValue();
    }

    public OptionalLong number(String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw ProblemException.invalid(name, name + " is a whole number, not below 0.");
        }
        return OptionalLong.of(value.longValue());
    }

    /** A number within bounds, with or without a fraction. */
    public double number(String name, double otherwise, double least, double most) {
        return new JsonFields(json, "").number(name, otherwise, least, most);
    }

    /** The members of these names that the body has. */
    public ObjectNode only(Collection<String> names) {
        ObjectNode some = Json.object();
        names.stream().filter(json::has).forEach(name -> some.set(name, json.get(name)));
        return some;
    }

    /** The whole body as text. */
    public String text() {
        return Json.write(json);
    }

    /** A member of any kind; missing when the body has none of the name, or null. */
    public JsonNode member(String name) {
        JsonNode value = json.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    public JsonNode object(String name) {
        JsonNode value = json.path(name);
        if (!value.isObject()) {
            throw ProblemException.invalid(name, name + " is needed, as a JSON object.");
        }
        return value;
    }
}
