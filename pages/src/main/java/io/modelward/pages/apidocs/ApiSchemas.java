package io.modelward.pages.apidocs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The schemas of the API's description as rows of names, types and words. */
public final class ApiSchemas {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final int DEEPEST = 4;

    private final JsonNode description;

    ApiSchemas(JsonNode description) {
        this.description = description;
    }

    /**
     * A field of JSON.
     *
     * @param depth how many objects it lies within
     * @param type its type in words
     * @param schema the name of the schema that tells what is within; empty: the rows below tell it, or nothing is
     */
    public record Field(int depth, String name, boolean needed, String type, Optional<String> schema, String says) {}

    /** A schema with its name. */
    public record Described(String name, String says, String type, List<Field> fields) {}

    /** All schemas that have names. */
    List<Described> all() {
        return description.at("/components/schemas").properties().stream()
                .map(entry -> new Described(
                        entry.getKey(),
                        entry.getValue().path("description").asString(""),
                        type(entry.getValue()),
                        fields(entry.getValue())))
                .toList();
    }

    /** What a reference stands for, or the node itself. */
    JsonNode resolved(JsonNode node) {
        JsonNode now = node;
        while (now.has("$ref")) {
            now = description.at(now.path("$ref").asString("").substring(1));
        }
        return now;
    }

    /** The name of a schema that is given by a reference. */
    static Optional<String> name(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.startsWith(SCHEMAS) ? Optional.of(reference.substring(SCHEMAS.length())) : Optional.empty();
    }

    /** The fields of an object, with those within them; those of a schema with a name are told once, at its name. */
    List<Field> fields(JsonNode schema) {
        List<Field> fields = new ArrayList<>();
        add(fields, 0, resolved(schema));
        return List.copyOf(fields);
    }

    private void add(List<Field> fields, int depth, JsonNode schema) {
        if (depth == DEEPEST) {
            return;
        }
        schema.path("allOf").forEach(part -> add(fields, depth, resolved(part)));
        List<String> needed = StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(one -> one.asString(""))
                .toList();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            JsonNode of = property.getValue();
            JsonNode within = of.has("items") ? of.path("items") : of;
            Optional<String> named = name(within);
            fields.add(
                    new Field(depth, property.getKey(), needed.contains(property.getKey()), type(of), named, says(of)));
            if (named.isEmpty()) {
                add(fields, depth + 1, within);
            }
        }
    }

    private static String says(JsonNode schema) {
        String own = schema.path("description").asString("");
        return own.isEmpty() ? schema.path("items").path("description").asString("") : own;
    }

    /** The type of a value in words. */
    String type(JsonNode schema) {
        Optional<String> named = name(schema);
        if (named.isPresent()) {
            return named.get();
        }
        if (schema.has("enum")) {
            return "one of "
                    + String.join(
                            ", ",
                            StreamSupport.stream(schema.path("enum").spliterator(), false)
                                    .map(one -> one.asString(""))
                                    .toList());
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return String.join(
                    " or ",
                    StreamSupport.stream(type.spliterator(), false)
                            .map(one -> one.asString(""))
                            .toList());
        }
        return switch (type.asString("")) {
            case "array" -> "list of " + type(schema.path("items"));
            case "string" -> schema.path("format").asString("").equals("date-time") ? "time" : "text";
            case "integer" -> "whole number";
            case "boolean" -> "true or false";
            case "object" ->
                schema.has("additionalProperties")
                                && schema.path("additionalProperties").isObject()
                        ? "names with " + type(schema.path("additionalProperties"))
                        : "object";
            case "" -> schema.has("properties") || schema.has("allOf") ? "object" : "anything";
            default -> type.asString("");
        };
    }
}
