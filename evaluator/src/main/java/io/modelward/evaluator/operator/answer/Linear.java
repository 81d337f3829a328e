package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Weighted sums of the columns of a row, each with an intercept: {@code x · coefficientsᵀ + intercept}. */
public final class Linear extends RowOperator {

    private final double[] coefficients;
    private final double[] intercept;

    private Linear(int width, double[] coefficients, double[] intercept) {
        super(width, intercept.length, (long) intercept.length * (width + 1L), false);
        this.coefficients = coefficients;
        this.intercept = intercept;
    }

    /** Makes the operator {@code linear}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] shape = node.shape("coefficients");
        if (shape[1] != width) {
            throw node.bad("has coefficients for " + shape[1] + " columns, and takes " + width);
        }
        return new Linear(width, node.array("coefficients").doubles(), node.doubles("intercept", shape[0]));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int width = inputs();
        int at = 0;
        for (int i = 0; i < intercept.length; i++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += cells[from + j] * coefficients[at++];
            }
            result[to + i] = sum + intercept[i];
        }
    }
}
