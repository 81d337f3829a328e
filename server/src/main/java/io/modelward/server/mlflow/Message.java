package io.modelward.server.mlflow;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message of MLflow's protocol as JSON: numbers may be strings, {@code null} is absent, fields that are not known are
 * passed over. Values of another type are refused by name, and so is the character NUL, which databases cut texts at.
 *
 * @param within how errors name the place of this message within another, such as {@code metrics[0].}; empty: it is the
 *     whole
 */
record Message(JsonNode json, String within) {

    /** A message that is part of no other. */
    Message(JsonNode json) {
        this(json, "");
    }

    static Message of(JsonNode json) {
        if (!json.isObject()) {
            throw ProblemException.invalid("body", "The body is a JSON object.");
        }
        return new Message(json);
    }

    Optional<String> string(String name) {
        return value(name).map(value -> text(name, value));
    }

    /** A field that must be there; it may be empty. */
    String required(String name) {
        return string(name).orElseThrow(() -> lacks(name));
    }

    /** A field that must be there and say something. */
    String named(String name) {
        return string(name).filter(text -> !text.isEmpty()).orElseThrow(() -> lacks(name));
    }

    /** The run, under either of the names that clients send. */
    String run() {
        return string("run_id")
                .filter(id -> !id.isEmpty())
                .orElseGet(() -> string("run_uuid").filter(id -> !id.isEmpty()).orElseThrow(() -> lacks("run_id")));
    }

    OptionalLong whole(String name) {
        return value(name).map(value -> OptionalLong.of(whole(name, value))).orElseGet(OptionalLong::empty);
    }

    long requiredWhole(String name) {
        return whole(name).orElseThrow(() -> lacks(name));
    }

    boolean flag(String name, boolean usual) {
        return value(name)
                .map(value -> switch (value.asString()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(name, value, "true or false");
                })
                .orElse(usual);
    }

    /** A number within bounds, for sizes of pages. */
    int size(String name, int usual, int most) {
        long size = whole(name).orElse(usual);
        if (size < 1 || size > most) {
            throw ProblemException.invalid(
                    name,
                    "Invalid value " + size + " for parameter '" + name + "' supplied: " + name
                            + " must be between 1 and " + most + ", but received value " + size + ".");
        }
        return (int) size;
    }

    double requiredNumber(String name) {
        JsonNode value = value(name).orElseThrow(() -> lacks(name));
        if (value.isNumber()) {
            return value.doubleValue();
        }
        String text = value.isString() ? value.stringValue() : "";
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!text.matches("[+-]?[0-9]{1,400}(\\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?")) {
                    throw wrong(name, value, "a number");
                }
                yield Double.parseDouble(text);
            }
        };
    }

    /** Yes or no; in an address it is a text. */
    boolean requiredFlag(String name) {
        JsonNode value = value(name).orElseThrow(() -> lacks(name));
        String text = value.isBoolean() ? Boolean.toString(value.booleanValue()) : value.asString("");
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, value, "true or false");
        };
    }

    List<String> strings(String name) {
        List<String> texts = new ArrayList<>();
        list(name).forEach(value -> texts.add(text(name, value)));
        return texts;
    }

    List<Message> messages(String name) {
        List<Message> messages = new ArrayList<>();
        list(name).forEach(value -> messages.add(inner(name + "[" + messages.size() + "]", value)));
        return messages;
    }

    Message message(String name) {
        return inner(name, value(name).orElseThrow(() -> lacks(name)));
    }

    /** A member of an enumeration by name or number; {@code names} begin at 1. */
    Optional<String> choice(String name, List<String> names) {
        return value(name).map(value -> {
            if (value.isString() && names.contains(value.stringValue())) {
                return value.stringValue();
            }
            boolean number =
                    value.isInt() || (value.isString() && value.stringValue().matches("[0-9]{1,4}"));
            int index = number ? value.isInt() ? value.intValue() : Integer.parseInt(value.stringValue()) : 0;
            if (index < 1 || index > names.size()) {
                throw wrong(name, value, "one of " + String.join(", ", names));
            }
            return names.get(index - 1);
        });
    }

    private Message inner(String name, JsonNode value) {
        if (!value.isObject()) {
            throw wrong(name, value, "an object");
        }
        return new Message(value, within + name + ".");
    }

    private Iterable<JsonNode> list(String name) {
        JsonNode value = value(name).orElseGet(Json::array);
        if (!value.isArray()) {
            throw wrong(name, value, "a list");
        }
        return value;
    }

    private Optional<JsonNode> value(String name) {
        JsonNode value = json.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw wrong(name, value, "a string");
        }
        if (value.stringValue().indexOf('\0') >= 0) {
            throw wrong(name, value, "a text without the character NUL");
        }
        return value.stringValue();
    }

    private long whole(String name, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        boolean written = value.isString() && value.stringValue().matches("[+-]?[0-9]{1,19}");
        try {
            if (written) {
                return Long.parseLong(value.stringValue());
            } else if (value.isNumber()) {
                return new BigDecimal(value.asString()).longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException outside) {
            throw wrong(name, value, "a whole number of 64 bits");
        }
        throw wrong(name, value, "a whole number");
    }

    private ProblemException lacks(String name) {
        return missing(within + name);
    }

    static ProblemException missing(String name) {
        return ProblemException.invalid(name, "Missing value for required parameter '" + name + "'.");
    }

    private ProblemException wrong(String name, JsonNode value, String wanted) {
        return ProblemException.invalid(
                within + name,
                "Invalid value " + shown(value) + " for parameter '" + within + name + "' supplied: It must be "
                        + wanted + ".");
    }

    /** A value as JSON writes it, in short. */
    private static String shown(JsonNode value) {
        if (value.isString()) {
            return Quoted.of(value.stringValue());
        }
        return value.isValueNode() ? Quoted.plain(value.toString()) : value.isArray() ? "of a list" : "of an object";
    }

    /** An empty answer. */
    static ObjectNode nothing() {
        return Json.object();
    }
}
