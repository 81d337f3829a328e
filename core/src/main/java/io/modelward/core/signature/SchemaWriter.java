package io.modelward.core.signature;

import io.modelward.core.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a {@link Schema} as JSON Schema that reads back equal, whichever the role. */
final class SchemaWriter {

    /** Holds what a schema said that was not understood; only this program writes it. */
    static final String NOT_UNDERSTOOD = "x-not-understood";

    private static final int LONGEST_INTEGER = 400;

    private SchemaWriter() {}

    static JsonNode write(Schema schema) {
        return switch (schema) {
            case Schema.Any() -> JsonNodeFactory.instance.booleanNode(true);
            case Schema.Union(List<Schema> of) when of.isEmpty() -> JsonNodeFactory.instance.booleanNode(false);
            case Schema.Numeric numeric -> numeric(numeric);
            case Schema.Text text -> text(text);
            case Schema.Bool() -> typed("boolean");
            case Schema.Null() -> typed("null");
            case Schema.Choice choice -> Json.object().set("enum", Json.array().addAll(choice.values()));
            case Schema.Arr array -> array(array);
            case Schema.Obj object -> object(object);
            case Schema.Union(List<Schema> of) -> Json.object().set("anyOf", all(of));
            case Schema.Unknown(String keyword, Schema known, JsonNode source) ->
                Json.object()
                        .put(NOT_UNDERSTOOD, keyword)
                        .set("known", write(known))
                        .set("source", source);
        };
    }

    static Schema restore(JsonNode node, Function<JsonNode, Schema> reader) {
        return new Schema.Unknown(
                node.path(NOT_UNDERSTOOD).stringValue(""), reader.apply(node.path("known")), node.path("source"));
    }

    private static ObjectNode typed(String type) {
        return Json.object().put("type", type);
    }

    private static ObjectNode numeric(Schema.Numeric schema) {
        ObjectNode node = typed(schema.integer() ? "integer" : "number");
        schema.minimum().ifPresent(b -> node.set(b.exclusive() ? "exclusiveMinimum" : "minimum", number(b.value())));
        schema.maximum().ifPresent(b -> node.set(b.exclusive() ? "exclusiveMaximum" : "maximum", number(b.value())));
        schema.multipleOf().ifPresent(unit -> node.set("multipleOf", number(unit)));
        return node;
    }

    /** Integers in full, so that reading them back as a double loses nothing. */
    private static JsonNode number(BigDecimal value) {
        boolean integer = value.scale() <= 0 && value.precision() - value.scale() < LONGEST_INTEGER;
        return integer
                ? JsonNodeFactory.instance.numberNode(value.toBigInteger())
                : JsonNodeFactory.instance.numberNode(value);
    }

    private static ObjectNode text(Schema.Text schema) {
        ObjectNode node = typed("string");
        if (schema.minLength() > 0) {
            node.put("minLength", schema.minLength());
        }
        schema.maxLength().ifPresent(most -> node.put("maxLength", most));
        schema.pattern().ifPresent(pattern -> node.put("pattern", pattern.source()));
        schema.format().ifPresent(format -> node.put("format", format));
        return node;
    }

    private static ObjectNode array(Schema.Arr schema) {
        ObjectNode node = typed("array");
        if (!schema.prefix().isEmpty()) {
            node.set("prefixItems", all(schema.prefix()));
        }
        node.set("items", write(schema.items()));
        if (schema.minItems() > 0) {
            node.put("minItems", schema.minItems());
        }
        schema.maxItems().ifPresent(most -> node.put("maxItems", most));
        return node;
    }

    private static ObjectNode object(Schema.Obj schema) {
        ObjectNode node = typed("object");
        ObjectNode properties = node.putObject("properties");
        schema.properties().forEach((name, property) -> properties.set(name, write(property)));
        if (!schema.required().isEmpty()) {
            ArrayNode required = node.putArray("required");
            schema.required().forEach(required::add);
        }
        return node.set("additionalProperties", write(schema.additional()));
    }

    private static ArrayNode all(List<Schema> schemas) {
        ArrayNode nodes = Json.array();
        schemas.forEach(schema -> nodes.add(write(schema)));
        return nodes;
    }
}
