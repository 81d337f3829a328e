package io.modelward.core.signature;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a version takes and gives, whatever its card, its graph or its client said it in.
 *
 * @param output the schema of one prediction, where known
 */
public record Signature(Input input, Optional<Schema> output) {

    /**
     * Puts together what is known. The input schema describes one row; an array of arrays or of objects is taken as a
     * batch, and its items as the row. Sources that contradict each other are refused by the name of the weaker one.
     *
     * @param inputSchema JSON Schema, the card's {@code input_schema}
     * @param outputSchema JSON Schema of one prediction, the card's {@code output_schema}
     * @param features how many values a row has, the card's {@code training_data.features}
     * @param featureNames the columns that the model was trained with, in order; may be empty
     * @param sample one row, or an array of rows
     */
    public static Signature of(
            Optional<JsonNode> inputSchema,
            Optional<JsonNode> outputSchema,
            OptionalInt features,
            List<String> featureNames,
            Optional<JsonNode> sample) {
        Optional<Schema> row = inputSchema.map(schema -> SchemaReader.read(schema, SchemaSide.INPUT));
        return new Signature(
                InputBuilder.build(row, features, featureNames, sample),
                outputSchema.map(schema -> SchemaReader.read(schema, SchemaSide.OUTPUT)));
    }

    /** Nothing is known: neither what it takes nor what it gives. */
    public static Signature unknown() {
        return of(Optional.empty(), Optional.empty(), OptionalInt.empty(), List.of(), Optional.empty());
    }

    public boolean isUnknown() {
        return equals(unknown());
    }

    /**
     * The form that {@link #fromJson} reads back equal: {@code {"input":{"row":…,"columns":[…],"width":4},"output":…}}.
     */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        ObjectNode in = json.putObject("input");
        in.set("row", SchemaWriter.write(input.row()));
        if (!input.columnNames().isEmpty()) {
            input.columnNames().forEach(in.putArray("columns")::add);
        }
        input.width().ifPresent(width -> in.put("width", width));
        output.ifPresent(schema -> json.set("output", SchemaWriter.write(schema)));
        return json;
    }

    public static Signature fromJson(JsonNode json) {
        JsonNode in = json.path("input");
        if (!in.has("row")) {
            throw ProblemException.invalid("signature", "A signature has an input with a row.");
        }
        JsonNode width = in.path("width");
        Input input = new Input(
                SchemaReader.readStored(in.path("row"), SchemaSide.INPUT),
                in.path("columns")
                        .valueStream()
                        .map(name -> name.stringValue(""))
                        .toList(),
                width.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(width.asInt(0)));
        Optional<Schema> output = json.has("output")
                ? Optional.of(SchemaReader.readStored(json.path("output"), SchemaSide.OUTPUT))
                : Optional.empty();
        return new Signature(input, output);
    }
}
