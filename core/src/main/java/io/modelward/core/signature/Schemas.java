package io.modelward.core.signature;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeType;

/** Small questions about schemas, and the shorthands to make them. */
final class Schemas {

    static final Schema NUMBER = number(false);
    static final Schema STRING = new Schema.Text(0, OptionalInt.empty(), Optional.empty(), Optional.empty());

    private static final Set<JsonNodeType> EVERY = EnumSet.of(
            JsonNodeType.NUMBER,
            JsonNodeType.STRING,
            JsonNodeType.BOOLEAN,
            JsonNodeType.NULL,
            JsonNodeType.ARRAY,
            JsonNodeType.OBJECT);

    private Schemas() {}

    static Schema number(boolean integer) {
        return new Schema.Numeric(integer, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** What any of these accepts, in the simplest form. */
    static Schema union(List<Schema> schemas) {
        List<Schema> flat = new ArrayList<>();
        for (Schema schema : schemas) {
            List<Schema> parts = schema instanceof Schema.Union(List<Schema> of) ? of : List.of(schema);
            parts.stream().filter(part -> !flat.contains(part)).forEach(flat::add);
        }
        if (flat.contains(Schema.ANY)) {
            return Schema.ANY;
        }
        return flat.size() == 1 ? flat.getFirst() : new Schema.Union(flat);
    }

    /** The JSON types of the values that it may accept. */
    static Set<JsonNodeType> types(Schema schema) {
        return switch (schema) {
            case Schema.Any() -> EVERY;
            case Schema.Numeric n -> EnumSet.of(JsonNodeType.NUMBER);
            case Schema.Text t -> EnumSet.of(JsonNodeType.STRING);
            case Schema.Bool() -> EnumSet.of(JsonNodeType.BOOLEAN);
            case Schema.Null() -> EnumSet.of(JsonNodeType.NULL);
            case Schema.Arr a -> EnumSet.of(JsonNodeType.ARRAY);
            case Schema.Obj o -> EnumSet.of(JsonNodeType.OBJECT);
            case Schema.Choice(List<JsonNode> values) ->
                values.stream()
                        .map(JsonNode::getNodeType)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(JsonNodeType.class)));
            case Schema.Union(List<Schema> of) ->
                of.stream()
                        .flatMap(part -> types(part).stream())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(JsonNodeType.class)));
            case Schema.Unknown unknown -> types(unknown.known());
        };
    }

    /** Whether any part of it is not understood. */
    static boolean hasUnknown(Schema schema) {
        return switch (schema) {
            case Schema.Unknown unknown -> true;
            case Schema.Union(List<Schema> of) -> of.stream().anyMatch(Schemas::hasUnknown);
            case Schema.Arr a -> a.prefix().stream().anyMatch(Schemas::hasUnknown) || hasUnknown(a.items());
            case Schema.Obj o ->
                o.properties().values().stream().anyMatch(Schemas::hasUnknown) || hasUnknown(o.additional());
            default -> false;
        };
    }

    /** Its kind in a few words, for example {@code a number or null}. */
    static String words(Schema schema) {
        return switch (schema) {
            case Schema.Any() -> "any value";
            case Schema.Numeric n -> n.integer() ? "an integer" : "a number";
            case Schema.Text t -> "a string";
            case Schema.Bool() -> "true or false";
            case Schema.Null() -> "null";
            case Schema.Arr a -> "an array";
            case Schema.Obj o -> "an object";
            case Schema.Choice(List<JsonNode> values) -> "one of " + Values.shown(values);
            case Schema.Union(List<Schema> of) when of.isEmpty() -> "nothing";
            case Schema.Union(List<Schema> of) when of.size() > 6 -> "one of " + of.size() + " kinds of value";
            case Schema.Union(List<Schema> of) ->
                of.stream().map(Schemas::words).distinct().collect(Collectors.joining(" or "));
            case Schema.Unknown unknown -> words(unknown.known()) + " restricted by " + unknown.keyword();
        };
    }
}
