package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.JsonCell;
import io.modelward.evaluator.form.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The categories of one column and their codes. Texts equal texts; numbers and truth values equal numbers; NaN and None
 * are categories of their own. A cell that is no category has the code of unknown ones.
 */
final class CategoryTable {

    private final Map<String, Integer> texts = new HashMap<>();
    private final double[] textCodes;
    /** Ascending. */
    private final double[] numbers;

    private final double[] numberCodes;
    private final double unknown;
    private final boolean refuses;
    private final boolean refusesNumbers;
    /** The codes of NaN and None, when they have any. */
    private final @Nullable Double nan;

    private final @Nullable Double none;
    private final int width;

    private CategoryTable(Node node, JsonNode column, boolean oneHot) throws BadForm {
        JsonNode categories = column.path("categories");
        JsonNode codes = column.path("codes");
        width = oneHot ? column.path("width").intValue(-1) : 1;
        if (!categories.isArray() || categories.size() != codes.size() || width < 0) {
            throw node.bad("does not have a code for each category, or has a column without a width");
        }
        refusesNumbers = column.path("numbers").stringValue("").equals("refuse");
        refuses = column.path("unknown").stringValue("").equals("refuse");
        unknown = refuses ? 0 : code(node, column.path("unknown"), oneHot);
        Double forNan = null;
        Double forNone = null;
        List<double[]> pairs = new ArrayList<>();
        textCodes = new double[categories.size()];
        for (int i = 0; i < categories.size(); i++) {
            double code = code(node, codes.get(i), oneHot);
            switch (JsonCell.value(node, categories.get(i), "categories")) {
                case null -> forNone = code;
                case String text -> {
                    texts.put(text, i);
                    textCodes[i] = code;
                }
                case Boolean truth -> pairs.add(new double[] {truth ? 1 : 0, code});
                case Double number when Double.isNaN(number) -> forNan = code;
                case Double number -> pairs.add(new double[] {number + 0.0, code});
                default -> throw node.bad("has a category of no type that is known");
            }
        }
        nan = forNan;
        none = forNone;
        pairs.sort(Comparator.comparingDouble(pair -> pair[0]));
        numbers = pairs.stream().mapToDouble(pair -> pair[0]).toArray();
        numberCodes = pairs.stream().mapToDouble(pair -> pair[1]).toArray();
    }

    /** The categories themselves. */
    void each(Consumer<Object> categories) {
        texts.keySet().forEach(categories);
        for (double number : numbers) {
            categories.accept(number);
        }
    }

    static CategoryTable of(Node node, JsonNode column, boolean oneHot) throws BadForm {
        return new CategoryTable(node, column, oneHot);
    }

    private double code(Node node, JsonNode member, boolean oneHot) throws BadForm {
        double code = node.number(member, "codes");
        if (oneHot && !(code >= -1 && code < width && code == (int) code)) {
            throw node.bad("has a code that is no place of its column");
        }
        return code;
    }

    /** How many columns of the result are the column's. */
    int width() {
        return width;
    }

    /** Whether a column of numbers is refused as a whole, because scikit-learn compares them with texts. */
    boolean refusesNumbers() {
        return refusesNumbers;
    }

    /** Whether a cell is refused; such a cell has no code. */
    boolean refuses(double cell) {
        return refuses && (Double.isNaN(cell) ? nan == null : find(cell) < 0);
    }

    double code(double cell) {
        if (Double.isNaN(cell)) {
            return nan == null ? unknown : nan;
        }
        int found = find(cell);
        return found < 0 ? unknown : numberCodes[found];
    }

    private int find(double cell) {
        int low = 0;
        int high = numbers.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (numbers[middle] < cell) {
                low = middle + 1;
            } else if (numbers[middle] > cell) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    boolean refuses(String cell) {
        return refuses && !texts.containsKey(cell);
    }

    double code(String cell) {
        Integer found = texts.get(cell);
        return found == null ? unknown : textCodes[found];
    }

    boolean refusesNone() {
        return refuses && none == null;
    }

    double codeOfNone() {
        return none == null ? unknown : none;
    }
}
