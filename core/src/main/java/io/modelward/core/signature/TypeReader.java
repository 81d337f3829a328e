package io.modelward.core.signature;

import static io.modelward.core.signature.SchemaReader.refused;

import io.modelward.core.json.JsonKind;
import io.modelward.core.json.JsonPath;
import io.modelward.core.problem.Quoted;
import io.modelward.core.signature.Schema.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code type} and the keywords that belong to one type. */
final class TypeReader {

    private final SchemaReader reader;

    TypeReader(SchemaReader reader) {
        this.reader = reader;
    }

    Schema read(JsonNode node, String path) {
        List<String> types = types(node, path);
        if (types.isEmpty()) {
            return Schema.ANY;
        }
        List<Schema> schemas = new ArrayList<>();
        for (String type : types) {
            if (!type.equals("integer") || !types.contains("number")) {
                schemas.add(ofType(type, node, path));
            }
        }
        return Schemas.union(schemas);
    }

    /** The types it names; if it names none, those whose keywords it uses. */
    private static List<String> types(JsonNode node, String path) {
        JsonNode type = node.path("type");
        String where = JsonPath.member(path, "type");
        if (type.isMissingNode()) {
            return Keywords.TYPES.stream()
                    .filter(name -> Keywords.OF_TYPE.getOrDefault(name, Set.of()).stream()
                            .anyMatch(node::has))
                    .toList();
        }
        if (type.isString()) {
            return List.of(typeName(type, where));
        }
        if (!type.isArray() || type.isEmpty()) {
            throw refused(where, "It must be the name of a type or an array of such names.");
        }
        return type.valueStream().map(name -> typeName(name, where)).distinct().toList();
    }

    private static String typeName(JsonNode node, String path) {
        String name = node.stringValue("");
        if (!Keywords.TYPES.contains(name)) {
            String written = node.isString() ? Quoted.of(name) : JsonKind.of(node);
            throw refused(path, "A type is one of " + String.join(", ", Keywords.TYPES) + ", not " + written + ".");
        }
        return name;
    }

    private Schema ofType(String type, JsonNode node, String path) {
        return switch (type) {
            case "number", "integer" -> numeric(type.equals("integer"), node, path);
            case "string" -> text(node, path);
            case "boolean" -> new Schema.Bool();
            case "null" -> new Schema.Null();
            case "array" -> array(node, path);
            default -> object(node, path);
        };
    }

    private static Schema numeric(boolean integer, JsonNode node, String path) {
        Optional<BigDecimal> minimum = number(node, path, "minimum");
        Optional<BigDecimal> above = number(node, path, "exclusiveMinimum");
        Optional<BigDecimal> maximum = number(node, path, "maximum");
        Optional<BigDecimal> below = number(node, path, "exclusiveMaximum");
        Optional<BigDecimal> multipleOf = number(node, path, "multipleOf");
        if (multipleOf.isPresent() && multipleOf.get().signum() <= 0) {
            throw refused(JsonPath.member(path, "multipleOf"), "It must be more than 0.");
        }
        boolean aboveWins =
                above.isPresent() && (minimum.isEmpty() || above.get().compareTo(minimum.get()) >= 0);
        boolean belowWins =
                below.isPresent() && (maximum.isEmpty() || below.get().compareTo(maximum.get()) <= 0);
        return new Schema.Numeric(
                integer,
                (aboveWins ? above : minimum).map(value -> new Bound(value, aboveWins)),
                (belowWins ? below : maximum).map(value -> new Bound(value, belowWins)),
                multipleOf);
    }

    private static Schema text(JsonNode node, String path) {
        Optional<Regex> pattern = string(node, path, "pattern").map(source -> {
            try {
                return Regex.of(source);
            } catch (IllegalArgumentException | StackOverflowError wrong) {
                throw refused(
                        JsonPath.member(path, "pattern"), "The pattern is no regular expression that can be used.");
            }
        });
        return new Schema.Text(
                count(node, path, "minLength").orElse(0),
                count(node, path, "maxLength"),
                pattern,
                string(node, path, "format"));
    }

    private Schema array(JsonNode node, String path) {
        boolean tuple = node.path("items").isArray();
        String first = tuple ? "items" : "prefixItems";
        String rest = tuple ? "additionalItems" : "items";
        List<Schema> prefix = new ArrayList<>();
        JsonNode firstItems = node.path(first);
        if (!firstItems.isArray() && !firstItems.isMissingNode()) {
            throw refused(JsonPath.member(path, first), "It must be an array of schemas.");
        }
        for (int i = 0; i < firstItems.size(); i++) {
            prefix.add(reader.schema(firstItems.get(i), JsonPath.item(JsonPath.member(path, first), i)));
        }
        Schema items = node.has(rest) ? reader.schema(node.path(rest), JsonPath.member(path, rest)) : Schema.ANY;
        int minItems = count(node, path, "minItems").orElse(0);
        OptionalInt maxItems = count(node, path, "maxItems");
        if (items.equals(Schema.NOTHING) && maxItems.orElse(Integer.MAX_VALUE) > prefix.size()) {
            maxItems = OptionalInt.of(prefix.size());
        }
        return new Schema.Arr(prefix, items, minItems, maxItems);
    }

    private Schema object(JsonNode node, String path) {
        JsonNode named = node.path("properties");
        if (!named.isObject() && !named.isMissingNode()) {
            throw refused(JsonPath.member(path, "properties"), "It must be an object of schemas by property name.");
        }
        Map<String, Schema> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : named.properties()) {
            String where = JsonPath.member(JsonPath.member(path, "properties"), property.getKey());
            properties.put(property.getKey(), reader.schema(property.getValue(), where));
        }
        Schema others = reader.role() == SchemaSide.INPUT ? Schema.NOTHING : Schema.ANY;
        if (node.has("additionalProperties")) {
            others = reader.schema(node.path("additionalProperties"), JsonPath.member(path, "additionalProperties"));
        }
        return new Schema.Obj(properties, required(node, path), others);
    }

    private static Set<String> required(JsonNode node, String path) {
        JsonNode names = node.path("required");
        if (!names.isMissingNode() && (!names.isArray() || !names.valueStream().allMatch(JsonNode::isString))) {
            throw refused(JsonPath.member(path, "required"), "It must be an array of property names.");
        }
        Set<String> required = new LinkedHashSet<>();
        names.valueStream().forEach(name -> required.add(name.stringValue()));
        return required;
    }

    private static Optional<BigDecimal> number(JsonNode node, String path, String keyword) {
        JsonNode value = node.path(keyword);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!JsonKind.isFiniteNumber(value)) {
            throw refused(JsonPath.member(path, keyword), "It must be a number, not " + JsonKind.of(value) + ".");
        }
        return Optional.of(value.decimalValue().stripTrailingZeros());
    }

    private static OptionalInt count(JsonNode node, String path, String keyword) {
        JsonNode value = node.path(keyword);
        if (value.isMissingNode()) {
            return OptionalInt.empty();
        }
        boolean fits = JsonKind.isFiniteNumber(value)
                && Values.isInteger(value)
                && value.decimalValue().signum() >= 0
                && value.decimalValue().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
        if (!fits) {
            throw refused(
                    JsonPath.member(path, keyword), "It must be a whole number from 0 to " + Integer.MAX_VALUE + ".");
        }
        return OptionalInt.of(value.decimalValue().intValueExact());
    }

    private static Optional<String> string(JsonNode node, String path, String keyword) {
        JsonNode value = node.path(keyword);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw refused(JsonPath.member(path, keyword), "It must be a string, not " + JsonKind.of(value) + ".");
        }
        return Optional.of(value.stringValue());
    }
}
