package io.modelward.core.signature;

import io.modelward.core.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plainest row that a signature takes, to try a model with that has no sample: zeros, empty texts, what is optional
 * left out.
 */
public final class BlankRow {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MOST_ITEMS = 100_000;

    private BlankRow() {}

    /** The row; empty when nothing is known of rows, or when so plain a value is not taken. */
    public static Optional<JsonNode> of(Signature signature) {
        Input input = signature.input();
        JsonNode row = value(input.row());
        if (row == null || row.size() > MOST_ITEMS || !SchemaCheck.accepts(input.row(), row)) {
            return Optional.empty();
        }
        return FormatCheck.check(input.row(), row, () -> "") == null ? Optional.of(row) : Optional.empty();
    }

    private static @Nullable JsonNode value(Schema schema) {
        return switch (schema) {
            case Schema.Numeric number -> number(number);
            case Schema.Text text ->
                NODES.stringNode(text.format().orElse("").equals("date-time") ? "1970-01-01T00:00:00" : "");
            case Schema.Bool() -> NODES.booleanNode(false);
            case Schema.Null() -> NODES.nullNode();
            case Schema.Choice choice ->
                choice.values().isEmpty() ? null : choice.values().getFirst();
            case Schema.Arr array -> array(array);
            case Schema.Obj object -> object(object);
            case Schema.Union(List<Schema> of) -> of.isEmpty() ? null : value(of.getFirst());
            default -> null;
        };
    }

    private static JsonNode number(Schema.Numeric schema) {
        JsonNode zero = NODES.numberNode(0);
        if (SchemaCheck.accepts(schema, zero)) {
            return zero;
        }
        BigDecimal bound =
                schema.minimum().or(schema::maximum).map(Schema.Bound::value).orElse(BigDecimal.ZERO);
        return NODES.numberNode(bound);
    }

    private static @Nullable JsonNode array(Schema.Arr schema) {
        ArrayNode array = Json.array();
        if (schema.minItems() > MOST_ITEMS) {
            return null;
        }
        for (int i = 0; i < schema.minItems(); i++) {
            JsonNode item = value(schema.item(i));
            if (item == null) {
                return null;
            }
            array.add(item);
        }
        return array;
    }

    private static @Nullable JsonNode object(Schema.Obj schema) {
        ObjectNode object = Json.object();
        for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
            if (schema.required().contains(property.getKey())) {
                JsonNode value = value(property.getValue());
                if (value == null) {
                    return null;
                }
                object.set(property.getKey(), value);
            }
        }
        return object;
    }
}
