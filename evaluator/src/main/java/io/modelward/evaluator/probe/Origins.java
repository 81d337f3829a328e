package io.modelward.evaluator.probe;

import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** For values made from another one by picking columns alone: which column of that one each of theirs is. */
final class Origins {

    private static final int NONE = -1;

    private final Map<Integer, int[]> byValue = new HashMap<>();

    /**
     * Finds them.
     *
     * @param from the value that the others come from
     * @param made the values, in order
     */
    static Origins of(Evaluator evaluator, int from, int[] made) {
        Origins origins = new Origins();
        int[] same = new int[evaluator.shape(from).width()];
        Arrays.setAll(same, column -> column);
        origins.byValue.put(from, same);
        for (int value : made) {
            origins.add(evaluator.form().nodes().get(value - 1), evaluator.shape(value));
        }
        return origins;
    }

    private void add(Node node, Shape shape) {
        int[] columns = new int[shape.width()];
        Arrays.fill(columns, NONE);
        switch (node.op()) {
            case "numeric", "impute" -> System.arraycopy(of(node.inputs()[0]), 0, columns, 0, columns.length);
            case "columns" -> {
                int[] before = of(node.inputs()[0]);
                for (int i = 0; i < columns.length; i++) {
                    columns[i] =
                            at(before, node.members().path("indices").path(i).intValue(NONE));
                }
            }
            case "concat" -> {
                int next = 0;
                for (int input : node.inputs()) {
                    for (int column : of(input)) {
                        columns[next++] = column;
                    }
                }
            }
            default -> {}
        }
        byValue.put(node.number(), columns);
    }

    private static int at(int[] columns, int index) {
        return index >= 0 && index < columns.length ? columns[index] : NONE;
    }

    private int[] of(int value) {
        return byValue.getOrDefault(value, new int[0]);
    }

    /** The column that a column of a value is, or -1. */
    int column(int value, int column) {
        return at(of(value), column);
    }
}
