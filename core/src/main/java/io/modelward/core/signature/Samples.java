package io.modelward.core.signature;

import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What rows that a model was tried with tell of its input. */
final class Samples {

    private Samples() {}

    /**
     * The rows of a sample: its items when it is an array of arrays or of objects, or when a row is known to be no
     * array; else itself.
     */
    static List<JsonNode> rows(JsonNode sample, Optional<Schema> row) {
        if (!sample.isArray()) {
            return List.of(sample);
        }
        boolean nested = sample.valueStream().allMatch(JsonNode::isContainer);
        boolean rowIsNoArray = row.isPresent() && !(row.get() instanceof Schema.Arr);
        return nested || rowIsNoArray ? sample.valueStream().toList() : List.of(sample);
    }

    /** The schema of these rows: numbers are numbers, whether or not they happen to be whole. */
    static Schema schema(List<JsonNode> rows) {
        if (rows.stream().allMatch(JsonNode::isArray)) {
            return array(rows);
        }
        return of(rows);
    }

    private static Schema array(List<JsonNode> rows) {
        int width = rows.getFirst().size();
        if (rows.stream().anyMatch(row -> row.size() != width)) {
            throw ProblemException.refused(InputBuilder.SAMPLE, "Its rows have different numbers of values.");
        }
        List<Schema> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            int column = i;
            columns.add(of(rows.stream().map(row -> row.get(column)).toList()));
        }
        boolean alike = columns.stream().distinct().count() == 1;
        return alike
                ? new Schema.Arr(List.of(), columns.getFirst(), width, OptionalInt.of(width))
                : new Schema.Arr(columns, Schema.NOTHING, width, OptionalInt.of(width));
    }

    private static Schema of(List<JsonNode> values) {
        List<Schema> kinds = new ArrayList<>();
        for (JsonNode value : values) {
            Schema kind = scalar(value);
            if (!kinds.contains(kind)) {
                kinds.add(kind);
            }
        }
        List<JsonNode> objects = values.stream().filter(JsonNode::isObject).toList();
        if (!objects.isEmpty()) {
            kinds.remove(Schema.ANY);
            kinds.add(object(objects));
        }
        return Schemas.union(kinds);
    }

    private static Schema scalar(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> Schemas.NUMBER;
            case STRING -> Schemas.STRING;
            case BOOLEAN -> new Schema.Bool();
            case NULL -> new Schema.Null();
            case ARRAY ->
                new Schema.Arr(
                        List.of(),
                        value.isEmpty() ? Schema.ANY : of(value.valueStream().toList()),
                        0,
                        OptionalInt.empty());
            default -> Schema.ANY;
        };
    }

    private static Schema object(List<JsonNode> objects) {
        Map<String, List<JsonNode>> columns = new LinkedHashMap<>();
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode object : objects) {
            object.forEachEntry((name, value) ->
                    columns.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
        }
        Map<String, Schema> properties = new LinkedHashMap<>();
        columns.forEach((name, values) -> {
            properties.put(name, of(values));
            if (values.size() == objects.size()) {
                required.add(name);
            }
        });
        return new Schema.Obj(properties, required, Schema.NOTHING);
    }
}
