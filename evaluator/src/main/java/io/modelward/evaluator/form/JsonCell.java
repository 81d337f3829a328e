package io.modelward.evaluator.form;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Single values in a head: numbers that JSON does not have are objects, such as {@code {"nan": true}}. */
public final class JsonCell {

    private JsonCell() {}

    /** The number that a member holds, also {@code {"nan": true}} and {@code {"infinity": -1}}; empty when it is none. */
    public static Optional<Double> number(JsonNode member) {
        if (member.isNumber()) {
            return Optional.of(member.doubleValue());
        }
        if (member.isObject() && member.path("nan").booleanValue(false)) {
            return Optional.of(Double.NaN);
        }
        JsonNode infinity = member.path("infinity");
        if (infinity.isNumber()) {
            return Optional.of(infinity.doubleValue() < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return Optional.empty();
    }

    /**
     * A value as {@link io.modelward.evaluator.value.Table.Column.Objects} has them: a String, a Double, a Boolean, or
     * null for None.
     */
    public static @Nullable Object value(Node node, JsonNode member, String name) throws BadForm {
        if (member.isNull()) {
            return null;
        }
        if (member.isString()) {
            return member.stringValue();
        }
        if (member.isBoolean()) {
            return member.booleanValue();
        }
        Optional<Double> number = number(member);
        if (number.isEmpty()) {
            throw node.bad("has something in " + name + " that is no value of a cell");
        }
        return number.get();
    }
}
