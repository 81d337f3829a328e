package io.modelward.gateway.contract;

import io.modelward.core.json.Json;
import io.modelward.core.json.JsonPath;
import io.modelward.core.json.Meter;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.SchemaCheck;
import io.modelward.core.signature.Signature;
import io.modelward.core.signature.Violation;
import io.modelward.runtime.JsonBytes;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a model's answers against the output that callers rely on: an answer of another form is a failure of the
 * model, not the caller's problem. What a column's own type guarantees is not looked at value by value. A property that
 * the model does not produce is known since it was loaded and is not missed here.
 */
final class OutputCheck {

    private final Schema whole;
    /** By name as a JSON string. */
    private final Map<String, Schema> properties = new HashMap<>();

    OutputCheck(Signature signature) {
        whole = signature.output().orElse(Schema.ANY);
        if (whole instanceof Schema.Obj object) {
            object.properties().forEach((name, schema) -> properties.put(OutputColumn.quote(name), schema));
        }
    }

    /** As the other, with as much memory as it takes. */
    void check(Predictions predictions) {
        check(predictions, MemoryShare.unlimited().open("an answer"));
    }

    /**
     * Checks.
     *
     * @param memory for the values that are looked at, one at a time
     * @throws io.modelward.core.problem.ProblemException of kind MODEL_FAILED naming the first value that is wrong; as
     *     {@link Reservation#grow}
     */
    void check(Predictions predictions, Reservation memory) {
        if (!predictions.objects()) {
            OutputColumn column = predictions.columns().getFirst();
            if (!guaranteed(whole, column, predictions)) {
                check(predictions, whole, "", memory, (row, json) -> column.write(predictions.from() + row, json));
            }
            return;
        }
        if (!(whole instanceof Schema.Obj)) {
            if (!(whole instanceof Schema.Any)) {
                check(predictions, whole, "", memory, predictions::writeRow);
            }
            return;
        }
        for (OutputColumn column : predictions.columns()) {
            Schema schema = properties.getOrDefault(column.quotedName(), additional());
            if (!guaranteed(schema, column, predictions)) {
                String name = Json.parse(column.quotedName(), "name").asString("");
                check(predictions, schema, name, memory, (row, json) -> column.write(predictions.from() + row, json));
            }
        }
    }

    private Schema additional() {
        return whole instanceof Schema.Obj object ? object.additional() : Schema.ANY;
    }

    private static boolean guaranteed(Schema schema, OutputColumn column, Predictions predictions) {
        return schema instanceof Schema.Any
                || (isGuaranteed(schema, column) && !column.anyMissing(predictions.from(), predictions.rows()));
    }

    private static boolean isGuaranteed(Schema schema, OutputColumn column) {
        return switch (column) {
            case OutputColumn.Dense dense -> guaranteed(schema, dense, 0);
            case OutputColumn.Joined joined -> joined.parts().stream().allMatch(part -> isGuaranteed(schema, part));
            case OutputColumn.Values _ -> false;
        };
    }

    private static boolean guaranteed(Schema schema, OutputColumn.Dense column, int dimension) {
        if (dimension < column.shape().length) {
            int length = column.shape()[dimension];
            return schema instanceof Schema.Arr array
                    && array.prefix().isEmpty()
                    && array.minItems() <= length
                    && array.maxItems().orElse(length) >= length
                    && guaranteed(array.items(), column, dimension + 1);
        }
        return switch (schema) {
            case Schema.Any _ -> true;
            case Schema.Bool _ -> column.type() == OutputColumn.Type.BOOLEAN;
            case Schema.Numeric number ->
                number.minimum().isEmpty()
                        && number.maximum().isEmpty()
                        && number.multipleOf().isEmpty()
                        && (column.type() == OutputColumn.Type.LONG
                                || (column.type() == OutputColumn.Type.DOUBLE && !number.integer()));
            default -> false;
        };
    }

    /** Writes a value of a row. */
    @FunctionalInterface
    private interface Value {
        void write(int row, JsonBytes json);
    }

    /** @param name of the column that is checked; empty where the whole prediction is */
    private static void check(Predictions predictions, Schema schema, String name, Reservation memory, Value value) {
        for (int row = 0; row < predictions.rows(); row++) {
            JsonBytes json = new JsonBytes();
            value.write(row, json);
            String item = JsonPath.item("predictions", row);
            String path = name.isEmpty() ? item : JsonPath.member(item, name);
            Meter meter = Meter.of(memory);
            Optional<Violation> wrong = SchemaCheck.violation(schema, Json.parse(json.toArray(), path, meter), path);
            meter.close();
            if (wrong.isPresent()) {
                throw Problem.of(
                                ProblemType.MODEL_FAILED,
                                "The model's answer is not what the endpoint's contract promises: "
                                        + wrong.get().path() + " " + wrong.get().what() + ".")
                        .with("error", "InvalidOutput")
                        .exception();
            }
        }
    }
}
