package io.modelward.evaluator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.operator.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a model takes.
 *
 * @param frame whether the model sees columns with names, else a matrix
 * @param width of the matrix, or how many columns
 * @param single whether the matrix has dtype {@code f4}
 * @param names of the columns, in the model's order; empty for a matrix
 * @param types MLflow's type of each column; an empty text where the type follows from the values
 * @param numbers names of columns where null alone is NaN
 * @param contract the columns in the order that rows without names have; empty for a matrix
 */
public record InputSpec(
        boolean frame,
        int width,
        boolean single,
        List<String> names,
        List<String> types,
        Set<String> numbers,
        List<String> contract) {

    private static final Set<String> TYPES = Set.of("", "double", "float", "long", "integer", "boolean", "string");

    static InputSpec of(JsonNode input, Bounds bounds) throws BadForm {
        String kind = input.path("kind").stringValue("");
        if (kind.equals("matrix")) {
            int width = input.path("width").intValue(-1);
            if (width < 0 || width > bounds.width()) {
                throw new BadForm("its input has no width, or is too wide");
            }
            String dtype = input.path("dtype").stringValue("f8");
            if (!dtype.equals("f8") && !dtype.equals("f4")) {
                throw new BadForm("its input has no dtype that is known");
            }
            return new InputSpec(false, width, dtype.equals("f4"), List.of(), List.of(), Set.of(), List.of());
        }
        if (!kind.equals("frame")) {
            throw new BadForm("its input is of no kind that is known");
        }
        List<String> names = texts(input.path("names"));
        List<String> types = input.has("types")
                ? texts(input.path("types"))
                : names.stream().map(_ -> "").toList();
        if (names.isEmpty() || names.size() > bounds.width() || types.size() != names.size()) {
            throw new BadForm("its input has no columns, too many, or not a type for each");
        }
        if (Set.copyOf(names).size() != names.size()) {
            throw new BadForm("two columns of its input have one name");
        }
        if (!TYPES.containsAll(types)) {
            throw new BadForm("a column of its input has a type that is not known");
        }
        List<String> contract = input.has("contract") ? texts(input.path("contract")) : names;
        if (contract.size() != names.size() || !Set.copyOf(contract).equals(Set.copyOf(names))) {
            throw new BadForm("its contract has other columns than its input");
        }
        Set<String> numbers = Set.copyOf(texts(input.path("numbers")));
        return new InputSpec(true, names.size(), false, names, types, numbers, contract);
    }

    private static List<String> texts(JsonNode list) throws BadForm {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list) {
            if (!item.isString()) {
                throw new BadForm("its input has a name that is no text");
            }
            texts.add(item.stringValue());
        }
        return texts;
    }

    Shape shape() {
        return frame ? Shape.table(width) : Shape.numbers(width);
    }
}
