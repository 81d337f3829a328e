package io.modelward.core.signature;

import io.modelward.core.json.Json;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes JSON Schemas of a small world, so that two of them are often related, and values that often fit. */
final class RandomSchemas {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> TEXTS = List.of("", "a", "b", "ab", "ba", "abc", "aaaa", "😀");
    private static final List<String> PATTERNS = List.of("^a", "b$", "^[ab]*$");

    private final Random random;

    RandomSchemas(long seed) {
        this.random = new Random(seed);
    }

    JsonNode schema(int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 9)) {
            case 0, 1 -> numeric("number");
            case 2 -> numeric("integer");
            case 3 -> text();
            case 4 -> Json.object().put("type", random.nextBoolean() ? "boolean" : "null");
            case 5 -> Json.object().set("enum", values(1 + random.nextInt(3)));
            case 6 -> NODES.booleanNode(random.nextInt(4) > 0);
            case 7 -> numeric("integer").set("enum", values(3));
            case 8 ->
                numeric("number")
                        .set("type", Json.array().add("number").add(pick(List.of("null", "string", "boolean"))));
            case 9, 10 -> array(depth);
            case 11, 12 -> object(depth);
            default -> union(depth);
        };
    }

    /** Another schema that differs from this one in one place, or not at all. */
    JsonNode variant(JsonNode schema, int depth) {
        if (!(schema instanceof ObjectNode object) || random.nextInt(5) == 0) {
            return schema(depth);
        }
        ObjectNode changed = object.deepCopy();
        List<String> keys = List.copyOf(changed.propertyNames());
        String key = pick(keys);
        switch (key) {
            case "items", "additionalProperties" -> changed.set(key, variant(changed.path(key), depth - 1));
            case "properties", "anyOf", "prefixItems" -> variantInside(changed.path(key), depth - 1);
            case "type" -> {
                return random.nextBoolean() ? changed : schema(depth);
            }
            case "required", "enum" -> {
                if (changed.path(key).size() > 1) {
                    ((ArrayNode) changed.path(key)).remove(0);
                }
            }
            default -> changed.remove(key);
        }
        return changed;
    }

    private void variantInside(JsonNode container, int depth) {
        if (container instanceof ObjectNode object) {
            String name = pick(NAMES);
            if (object.has(name) && random.nextBoolean()) {
                object.set(name, variant(object.path(name), depth));
            } else if (object.has(name)) {
                object.remove(name);
            } else {
                object.set(name, schema(Math.max(depth, 0)));
            }
        } else if (container instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            array.set(index, variant(array.get(index), depth));
        }
    }

    /** Mostly the first, so that values are made to be accepted by it. */
    JsonNode schemaOf(JsonNode first, JsonNode second) {
        return random.nextInt(4) > 0 ? first : second;
    }

    JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0, 1 -> NODES.numberNode(random.nextInt(7) - 2);
            case 2 -> NODES.numberNode((random.nextInt(15) - 4) / 2.0);
            case 3, 4 -> NODES.stringNode(pick(TEXTS));
            case 5 -> NODES.booleanNode(random.nextBoolean());
            case 6 -> NODES.nullNode();
            case 7 -> {
                ArrayNode array = Json.array();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = Json.object();
                NAMES.stream().filter(name -> random.nextBoolean()).forEach(name -> object.set(name, value(depth - 1)));
                yield object;
            }
        };
    }

    /** A value made after a schema: mostly one that it accepts. */
    JsonNode valueFor(JsonNode schema, int depth) {
        if (depth < 0 || random.nextInt(12) == 0) {
            return value(1);
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        if (schema.has("anyOf")) {
            return valueFor(
                    schema.path("anyOf").get(random.nextInt(schema.path("anyOf").size())), depth);
        }
        return switch (schema.path("type").stringValue("")) {
            case "integer" -> NODES.numberNode(random.nextInt(7) - 2);
            case "number" -> NODES.numberNode((random.nextInt(15) - 4) / 2.0);
            case "string" -> NODES.stringNode(pick(TEXTS));
            case "array" -> arrayFor(schema, depth);
            case "object" -> objectFor(schema, depth);
            default -> value(depth);
        };
    }

    private JsonNode arrayFor(JsonNode schema, int depth) {
        ArrayNode array = Json.array();
        int size = schema.path("minItems").intValue(0) + random.nextInt(3);
        for (int i = 0; i < Math.min(size, schema.path("maxItems").intValue(9)); i++) {
            JsonNode item = schema.path("prefixItems").path(i);
            array.add(valueFor(item.isMissingNode() ? schema.path("items") : item, depth - 1));
        }
        return array;
    }

    private JsonNode objectFor(JsonNode schema, int depth) {
        ObjectNode object = Json.object();
        for (String name : NAMES) {
            boolean required = schema.path("required")
                    .valueStream()
                    .anyMatch(n -> n.stringValue("").equals(name));
            if (required
                    || (random.nextInt(3) == 0
                            && !schema.path("additionalProperties").isBoolean())
                    || (random.nextBoolean() && schema.path("properties").has(name))) {
                JsonNode property = schema.path("properties").path(name);
                object.set(
                        name,
                        valueFor(property.isMissingNode() ? schema.path("additionalProperties") : property, depth - 1));
            }
        }
        return object;
    }

    private ObjectNode numeric(String type) {
        ObjectNode node = Json.object().put("type", type);
        maybe(() -> node.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", random.nextInt(3) - 1));
        maybe(() -> node.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", 1 + random.nextInt(3)));
        if (random.nextInt(6) == 0) {
            node.put("multipleOf", 1 + random.nextInt(2));
        }
        return node;
    }

    private ObjectNode text() {
        ObjectNode node = Json.object().put("type", "string");
        maybe(() -> node.put("minLength", random.nextInt(3)));
        maybe(() -> node.put("maxLength", 1 + random.nextInt(3)));
        if (random.nextInt(5) == 0) {
            node.put("pattern", pick(PATTERNS));
        }
        return node;
    }

    private ObjectNode array(int depth) {
        ObjectNode node = Json.object().put("type", "array");
        maybe(() -> {
            ArrayNode prefix = node.putArray("prefixItems");
            for (int i = 0; i <= random.nextInt(2); i++) {
                prefix.add(schema(depth - 1));
            }
        });
        node.set("items", schema(depth - 1));
        maybe(() -> node.put("minItems", random.nextInt(3)));
        maybe(() -> node.put("maxItems", 1 + random.nextInt(3)));
        return node;
    }

    private ObjectNode object(int depth) {
        ObjectNode node = Json.object().put("type", "object");
        ObjectNode properties = node.putObject("properties");
        ArrayNode required = Json.array();
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                properties.set(name, schema(depth - 1));
                maybe(() -> required.add(name));
            }
        }
        node.set("required", required);
        return node.set(
                "additionalProperties",
                random.nextInt(3) == 0 ? schema(depth - 1) : NODES.booleanNode(random.nextBoolean()));
    }

    private ObjectNode union(int depth) {
        ArrayNode parts = Json.array();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            parts.add(schema(depth - 1));
        }
        return Json.object().set("anyOf", parts);
    }

    private ArrayNode values(int count) {
        ArrayNode values = Json.array();
        for (int i = 0; i < count; i++) {
            values.add(value(0));
        }
        return values;
    }

    private void maybe(Runnable action) {
        if (random.nextInt(3) == 0) {
            action.run();
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
