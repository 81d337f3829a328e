package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Divides each row by its norm, as scikit-learn's {@code Normalizer} does. A norm that is nearly 0 counts as 1. */
public final class Normalize extends RowOperator {

    private final String norm;

    private Normalize(int width, String norm) {
        super(width, width, 2L * width, false);
        this.norm = norm;
    }

    /** Makes the operator {@code normalize}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        return new Normalize(width(node, inputs), node.word("norm", "l1", "l2", "max"));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int width = inputs();
        double sum = 0;
        switch (norm) {
            case "l1" -> {
                for (int i = 0; i < width; i++) {
                    sum += Math.abs(cells[from + i]);
                }
            }
            case "l2" -> {
                for (int i = 0; i < width; i++) {
                    sum += cells[from + i] * cells[from + i];
                }
                sum = Math.sqrt(sum);
            }
            default -> {
                for (int i = 0; i < width; i++) {
                    sum = Math.max(sum, Math.abs(cells[from + i]));
                }
            }
        }
        double size = sum < 10 * Math.ulp(1d) ? 1 : sum;
        for (int i = 0; i < width; i++) {
            result[to + i] = cells[from + i] / size;
        }
    }
}
