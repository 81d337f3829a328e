package io.modelward.core.signature;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
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
        Set<Schema> flat = new LinkedHashSet<>();
        for (Schema schema : schemas) {
            flat.addAll(schema instanceof Schema.Union(List<Schema> of) ? of : List.of(schema));
        }
        if (flat.contains(Schema.ANY)) {
            return Schema.ANY;
        }
        List<Schema> parts = oneChoice(flat);
        return parts.size() == 1 ? parts.getFirst() : new Schema.Union(parts);
    }

    /** The same with all lists of values made one, at the end. */
    private static List<Schema> oneChoice(Set<Schema> schemas) {
        List<Schema> parts = new ArrayList<>();
        Set<Member> members = new LinkedHashSet<>();
        for (Schema schema : schemas) {
            if (schema instanceof Schema.Choice choice) {
                members.addAll(choice.members());
            } else {
                parts.add(schema);
            }
        }
        if (!members.isEmpty()) {
            parts.add(new Schema.Choice(members));
        }
        return parts;
    }

    /** How many schemas it consists of. */
    static long size(Schema schema) {
        return 1
                + switch (schema) {
                    case Schema.Union(List<Schema> of) -> sizes(of);
                    case Schema.Arr a -> sizes(a.prefix()) + size(a.items());
                    case Schema.Obj o -> sizes(o.properties().values()) + size(o.additional());
                    case Schema.Unknown unknown -> size(unknown.known());
                    default -> 0;
                };
    }

    private static long sizes(Collection<Schema> schemas) {
        return schemas.stream().mapToLong(Schemas::size).sum();
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
            case Schema.Choice choice ->
                choice.values().stream()
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
            case Schema.Choice choice -> "one of " + Values.shown(choice.values());
            case Schema.Union(List<Schema> of) when of.isEmpty() -> "nothing";
            case Schema.Union(List<Schema> of) when of.size() > 6 -> "one of " + of.size() + " kinds of value";
            case Schema.Union(List<Schema> of) ->
                of.stream().map(Schemas::words).distinct().collect(Collectors.joining(" or "));
            case Schema.Unknown unknown -> words(unknown.known()) + " restricted by " + unknown.keyword();
        };
    }
}
