package io.modelward.core.signature;

import io.modelward.core.json.JsonKind;
import io.modelward.core.json.JsonPath;
import io.modelward.core.signature.Schema.Bound;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a schema accepts a value. Of a schema that is not understood whole, the part that is understood decides. */
public final class SchemaCheck {

    private SchemaCheck() {}

    /** The first reason why it does not; {@code path} is the name of the value itself. */
    public static Optional<Violation> violation(Schema schema, JsonNode value, String path) {
        return Optional.ofNullable(check(schema, value, () -> path));
    }

    static boolean accepts(Schema schema, JsonNode value) {
        return check(schema, value, () -> "") == null;
    }

    /** Paths are made only once something is wrong: on the way of a prediction nothing is. */
    static @Nullable Violation check(Schema schema, JsonNode value, Supplier<String> path) {
        return switch (schema) {
            case Schema.Any() -> null;
            case Schema.Numeric numeric -> number(numeric, value, path);
            case Schema.Text text -> text(text, value, path);
            case Schema.Bool() -> value.isBoolean() ? null : expected(schema, value, path);
            case Schema.Null() -> value.isNull() ? null : expected(schema, value, path);
            case Schema.Choice choice ->
                choice.has(value) ? null : new Violation(path.get(), "must be " + Schemas.words(schema));
            case Schema.Arr array -> array(array, value, path);
            case Schema.Obj object -> object(object, value, path);
            case Schema.Union(List<Schema> of) -> union(schema, of, value, path);
            case Schema.Unknown unknown -> check(unknown.known(), value, path);
        };
    }

    private static @Nullable Violation number(Schema.Numeric schema, JsonNode value, Supplier<String> path) {
        if (!value.isNumber()) {
            return expected(schema, value, path);
        }
        if (!JsonKind.isFiniteNumber(value)) {
            return new Violation(path.get(), "must be a finite number");
        }
        if (schema.integer() && !Values.isInteger(value)) {
            return new Violation(path.get(), "must be an integer, has a fraction");
        }
        if (schema.minimum().isPresent()) {
            Bound least = schema.minimum().get();
            int order = value.decimalValue().compareTo(least.value());
            if (order < 0 || (order == 0 && least.exclusive())) {
                return new Violation(
                        path.get(), "must be " + (least.exclusive() ? "more than " : "at least ") + least.value());
            }
        }
        if (schema.maximum().isPresent()) {
            Bound most = schema.maximum().get();
            int order = value.decimalValue().compareTo(most.value());
            if (order > 0 || (order == 0 && most.exclusive())) {
                return new Violation(
                        path.get(), "must be " + (most.exclusive() ? "less than " : "at most ") + most.value());
            }
        }
        if (schema.multipleOf().isPresent()) {
            BigDecimal unit = schema.multipleOf().get();
            if (value.decimalValue().remainder(unit).signum() != 0) {
                return new Violation(path.get(), "must be a multiple of " + unit);
            }
        }
        return null;
    }

    private static @Nullable Violation text(Schema.Text schema, JsonNode value, Supplier<String> path) {
        if (!value.isString()) {
            return expected(schema, value, path);
        }
        String text = value.stringValue();
        int length = text.codePointCount(0, text.length());
        if (length < schema.minLength()) {
            return new Violation(path.get(), "must have at least " + schema.minLength() + " characters");
        }
        if (schema.maxLength().isPresent() && length > schema.maxLength().getAsInt()) {
            return new Violation(
                    path.get(), "must have at most " + schema.maxLength().getAsInt() + " characters");
        }
        if (schema.pattern().isPresent() && !schema.pattern().get().foundIn(text)) {
            return new Violation(path.get(), "must match the pattern of the schema");
        }
        return null;
    }

    private static @Nullable Violation array(Schema.Arr schema, JsonNode value, Supplier<String> path) {
        if (!value.isArray()) {
            return expected(schema, value, path);
        }
        int size = value.size();
        if (size < schema.minItems()
                || (schema.maxItems().isPresent() && size > schema.maxItems().getAsInt())) {
            return new Violation(path.get(), "must have " + length(schema) + ", has " + size);
        }
        for (int i = 0; i < size; i++) {
            int index = i;
            Violation wrong = check(schema.item(i), value.get(i), () -> JsonPath.item(path.get(), index));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static String length(Schema.Arr schema) {
        if (schema.length().isPresent()) {
            return schema.length().getAsInt() + " values";
        }
        return schema.maxItems().isEmpty()
                ? "at least " + schema.minItems() + " values"
                : schema.minItems() + " to " + schema.maxItems().getAsInt() + " values";
    }

    private static @Nullable Violation object(Schema.Obj schema, JsonNode value, Supplier<String> path) {
        if (!value.isObject()) {
            return expected(schema, value, path);
        }
        for (String name : schema.required()) {
            if (!value.has(name)) {
                return new Violation(JsonPath.member(path.get(), name), "is missing");
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String name = member.getKey();
            Schema property = schema.properties().getOrDefault(name, schema.additional());
            if (property.equals(Schema.NOTHING)) {
                return new Violation(JsonPath.member(path.get(), name), "is not known to the model");
            }
            Violation wrong = check(property, member.getValue(), () -> JsonPath.member(path.get(), name));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /** When only one alternative is of the value's type, what is wrong with that one is the better answer. */
    private static @Nullable Violation union(Schema schema, List<Schema> of, JsonNode value, Supplier<String> path) {
        Violation last = null;
        int ofType = 0;
        for (Schema part : of) {
            Violation wrong = check(part, value, path);
            if (wrong == null) {
                return null;
            }
            if (Schemas.types(part).contains(value.getNodeType())) {
                ofType++;
                last = wrong;
            }
        }
        return ofType == 1 ? last : expected(schema, value, path);
    }

    private static Violation expected(Schema schema, JsonNode value, Supplier<String> path) {
        return new Violation(path.get(), "must be " + Schemas.words(schema) + ", is " + JsonKind.of(value));
    }
}
