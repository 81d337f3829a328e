package io.modelward.cli;

import io.modelward.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** JSON SchemaWords of rows and predictions, for people who do not read JSON Schema. */
final class SchemaWords {

    private SchemaWords() {}

    /** What a value is: {@code number or null}, {@code 4 numbers}; the schema itself where words would say less. */
    static String words(JsonNode schema) {
        String type = schema.path("type").asString("");
        if (type.equals("array") && isFixed(schema) && schema.has("items")) {
            return Text.plural(schema.path("minItems").asLong(), "value") + ", each " + words(schema.path("items"));
        }
        if (schema.size() == 1 && !type.isEmpty() && !type.equals("array") && !type.equals("object")) {
            return type;
        }
        if (schema.size() == 1 && schema.path("type").isArray()) {
            return String.join(
                    " or ",
                    schema.path("type").valueStream().map(JsonNode::asString).toList());
        }
        if (schema.size() == 1 && schema.path("anyOf").isArray()) {
            List<String> either = new ArrayList<>();
            schema.path("anyOf").forEach(one -> either.add(words(one)));
            return String.join(" or ", either);
        }
        return Json.write(schema);
    }

    private static boolean isFixed(JsonNode schema) {
        return schema.path("minItems").isIntegralNumber()
                && schema.path("minItems").equals(schema.path("maxItems"));
    }

    /** The columns of a row with what each takes, if the row has columns with a schema each; else empty. */
    static Table columns(JsonNode input) {
        Table table = new Table("~COLUMN", "~TAKES");
        JsonNode row = input.path("row");
        List<String> names =
                input.path("columns").valueStream().map(JsonNode::asString).toList();
        if (row.path("properties").isObject()) {
            row.path("properties").properties().forEach(column -> table.row(column.getKey(), words(column.getValue())));
        } else if (row.path("prefixItems").size() == names.size()) {
            for (int i = 0; i < names.size(); i++) {
                table.row(names.get(i), words(row.path("prefixItems").path(i)));
            }
        }
        return table;
    }
}
