package io.modelward.core.signature;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Makes the {@link Input} of a version from the sources that tell of it, the card's schema before all others. */
final class InputBuilder {

    static final String FEATURES = "training_data.features";
    static final String NAMES = "feature_names";
    static final String SAMPLE = "sample";

    private InputBuilder() {}

    static Input build(Optional<Schema> schema, OptionalInt features, List<String> names, Optional<JsonNode> sample) {
        if (new HashSet<>(names).size() != names.size()) {
            throw ProblemException.refused(NAMES, "Two columns have one name.");
        }
        Optional<Schema> row = schema.map(InputBuilder::rowOf);
        List<JsonNode> rows = sample.map(s -> Samples.rows(s, row)).orElse(List.of());
        Input input = complete(row, features, names, rows);
        RowCheck check = RowCheck.of(input, SAMPLE);
        for (int i = 0; i < rows.size(); i++) {
            check.check(rows.get(i), i);
        }
        return input;
    }

    /** Of a schema for a batch, the row. */
    private static Schema rowOf(Schema schema) {
        boolean batch = schema instanceof Schema.Arr array
                && array.prefix().isEmpty()
                && (array.items() instanceof Schema.Arr || array.items() instanceof Schema.Obj);
        return batch ? ((Schema.Arr) schema).items() : schema;
    }

    private static Input complete(
            Optional<Schema> given, OptionalInt features, List<String> names, List<JsonNode> rows) {
        Schema row = given.orElseGet(() -> derive(rows, features, names));
        return switch (row) {
            case Schema.Arr array
            when flat(array) -> {
                Schema.Arr fixed = withWidth(array, features, FEATURES, "features");
                fixed = withWidth(fixed, rowWidth(rows), SAMPLE, "values in a row");
                OptionalInt named = names.isEmpty() ? OptionalInt.empty() : OptionalInt.of(names.size());
                fixed = withWidth(fixed, named, NAMES, "columns");
                yield new Input(fixed, names, fixed.length());
            }
            case Schema.Arr array -> new Input(array, List.of(), array.length());
            case Schema.Obj object -> new Input(object, columns(object, names), OptionalInt.empty());
            default -> new Input(row, List.of(), OptionalInt.empty());
        };
    }

    private static Schema derive(List<JsonNode> rows, OptionalInt features, List<String> names) {
        if (!rows.isEmpty()) {
            return Samples.schema(rows);
        }
        boolean widthKnown = features.isPresent() || !names.isEmpty();
        return widthKnown ? new Schema.Arr(List.of(), Schema.ANY, 0, OptionalInt.empty()) : Schema.ANY;
    }

    /** Whether its items are single values: then a row's length is the number of features. */
    private static boolean flat(Schema.Arr array) {
        return !(array.items() instanceof Schema.Arr) && !(array.items() instanceof Schema.Obj);
    }

    private static OptionalInt rowWidth(List<JsonNode> rows) {
        return rows.isEmpty() || !rows.getFirst().isArray()
                ? OptionalInt.empty()
                : OptionalInt.of(rows.getFirst().size());
    }

    private static Schema.Arr withWidth(Schema.Arr array, OptionalInt width, String field, String what) {
        if (width.isEmpty()) {
            return array;
        }
        int wanted = width.getAsInt();
        if (wanted < array.minItems() || wanted > array.maxItems().orElse(Integer.MAX_VALUE)) {
            String taken = array.length().isPresent()
                    ? String.valueOf(array.length().getAsInt())
                    : array.minItems() + " to " + array.maxItems().orElse(Integer.MAX_VALUE);
            throw ProblemException.refused(
                    field, "It tells of " + wanted + " " + what + ", but a row of the input has " + taken + " values.");
        }
        return new Schema.Arr(array.prefix(), array.items(), wanted, width);
    }

    private static List<String> columns(Schema.Obj object, List<String> names) {
        for (String name : names) {
            if (object.closed() && !object.properties().containsKey(name)) {
                throw ProblemException.refused(
                        NAMES, "The column " + Quoted.of(name) + " is no property of the input schema.");
            }
        }
        return names.isEmpty() ? List.copyOf(object.properties().keySet()) : names;
    }
}
