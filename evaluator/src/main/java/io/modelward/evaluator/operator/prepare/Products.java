package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Polynomial features: each column is an earlier one times a column of the input. */
public final class Products extends RowOperator {

    /** For each result after the bias: an earlier result or -1, and a column of the input. */
    private final int[] pairs;

    private final int bias;

    private Products(int width, int[] pairs, int bias) {
        super(width, bias + pairs.length / 2, pairs.length + 1L, true);
        this.pairs = pairs;
        this.bias = bias;
    }

    /** Makes the operator {@code products}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int bias = node.flag("bias") ? 1 : 0;
        if (node.shape("pairs")[1] != 2) {
            throw node.bad("needs pairs");
        }
        int[] pairs = node.ints("pairs");
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] < -1 || pairs[i] >= bias + i / 2 || pairs[i + 1] < 0 || pairs[i + 1] >= width) {
                throw node.bad("multiplies with a column that is not there before");
            }
        }
        return new Products(width, pairs, bias);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int at = to;
        if (bias == 1) {
            result[at++] = 1;
        }
        for (int i = 0; i < pairs.length; i += 2) {
            double cell = cells[from + pairs[i + 1]];
            double product = pairs[i] < 0 ? cell : result[to + pairs[i]] * cell;
            result[at++] = single ? (float) product : product;
        }
    }
}
