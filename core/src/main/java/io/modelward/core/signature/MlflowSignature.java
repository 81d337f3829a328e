package io.modelward.core.signature;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads the signature in an {@code MLmodel} file, whose inputs and outputs are JSON inside strings: either columns,
 * named or not, or tensors. Rows of columns that are all required may be sent as arrays or as objects by column name;
 * where one may be left out, as objects. Parameters are not read: a model is called with their defaults.
 */
public final class MlflowSignature {

    private static final String FIELD = "MLmodel";
    private static final int MOST_COLUMNS = 100_000;

    private MlflowSignature() {}

    /**
     * The signature; empty when there is none.
     *
     * @param signature {@code {inputs: '[…]', outputs: '[…]'}}, each optional
     * @param typeHint whether it was made from Python's type hints: a row is then one value, however it is built
     * @throws ProblemException REFUSED with the field {@code MLmodel} when it is none
     */
    public static Optional<Signature> read(JsonNode signature, boolean typeHint) {
        List<JsonNode> inputs = specs(signature, "inputs");
        List<JsonNode> outputs = specs(signature, "outputs");
        if (inputs.isEmpty() && outputs.isEmpty()) {
            return Optional.empty();
        }
        Input input =
                inputs.isEmpty() ? new Input(Schema.ANY, List.of(), OptionalInt.empty()) : input(inputs, typeHint);
        return Optional.of(new Signature(input, outputs.isEmpty() ? Optional.empty() : Optional.of(output(outputs))));
    }

    private static List<JsonNode> specs(JsonNode signature, String part) {
        String text = signature.path(part).stringValue("");
        if (text.isBlank()) {
            return List.of();
        }
        JsonNode specs = parse(text, part);
        if (!specs.isArray()
                || specs.size() > MOST_COLUMNS
                || !specs.valueStream().allMatch(JsonNode::isObject)) {
            throw refused("In MLmodel, the signature's " + part + " are a list of columns or tensors.");
        }
        return specs.valueStream().toList();
    }

    private static JsonNode parse(String text, String part) {
        try {
            return Json.parse(text, part);
        } catch (ProblemException malformed) {
            throw refused("In MLmodel, the signature's " + part + " are not JSON: "
                    + malformed.problem().detail());
        }
    }

    private static Input input(List<JsonNode> specs, boolean typeHint) {
        List<String> names = names(specs);
        if (names.isEmpty() && specs.size() == 1 && (typeHint || MlflowTypes.isTensor(specs.getFirst()))) {
            Schema row = MlflowTypes.input(specs.getFirst());
            OptionalInt width = row instanceof Schema.Arr array ? array.length() : OptionalInt.empty();
            return new Input(row, List.of(), width);
        }
        if (specs.stream().anyMatch(MlflowTypes::isTensor) && !names.isEmpty()) {
            return new Input(object(specs, names, MlflowTypes::input), names, OptionalInt.empty());
        }
        boolean allRequired = specs.stream().allMatch(MlflowTypes::isRequired);
        if (!allRequired && !names.isEmpty()) {
            return new Input(object(specs, names, MlflowTypes::input), names, OptionalInt.empty());
        }
        List<Schema> columns = specs.stream().map(MlflowTypes::input).toList();
        return new Input(array(columns), names, OptionalInt.of(columns.size()));
    }

    private static Schema output(List<JsonNode> specs) {
        List<String> names = names(specs);
        if (!names.isEmpty()) {
            return object(specs, names, MlflowTypes::output);
        }
        return specs.size() == 1
                ? MlflowTypes.output(specs.getFirst())
                : array(specs.stream().map(MlflowTypes::output).toList());
    }

    private static List<String> names(List<JsonNode> specs) {
        List<String> names = new ArrayList<>();
        for (JsonNode spec : specs) {
            if (spec.path("name").isString()) {
                names.add(spec.get("name").stringValue());
            }
        }
        if (!names.isEmpty() && names.size() != specs.size()) {
            throw refused("In MLmodel, some columns of the signature have a name and some have none.");
        }
        if (Set.copyOf(names).size() != names.size()) {
            throw refused("In MLmodel, two columns of the signature have one name.");
        }
        return names;
    }

    private static Schema.Arr array(List<Schema> columns) {
        boolean alike = columns.stream().distinct().count() == 1;
        OptionalInt width = OptionalInt.of(columns.size());
        return alike
                ? new Schema.Arr(List.of(), columns.getFirst(), columns.size(), width)
                : new Schema.Arr(columns, Schema.NOTHING, columns.size(), width);
    }

    private static Schema.Obj object(List<JsonNode> specs, List<String> names, Function<JsonNode, Schema> type) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        Set<String> required = new LinkedHashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            properties.put(names.get(i), type.apply(specs.get(i)));
            if (MlflowTypes.isRequired(specs.get(i))) {
                required.add(names.get(i));
            }
        }
        return new Schema.Obj(properties, required, Schema.NOTHING);
    }

    static ProblemException refused(String detail) {
        return ProblemException.refused(FIELD, detail);
    }
}
