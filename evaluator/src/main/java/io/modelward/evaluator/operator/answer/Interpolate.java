package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Interpolation;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** A line through points: linear between them and constant outside, as isotonic regression predicts. */
public final class Interpolate extends RowOperator {

    private final double[] x;
    private final double[] y;

    private Interpolate(double[] x, double[] y) {
        super(1, 1, 40, false);
        this.x = x;
        this.y = y;
    }

    /** Makes the operator {@code interpolate}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (width(node, inputs) != 1) {
            throw node.bad("takes one column");
        }
        double[] x = node.array("x").doubles();
        double[] y = node.doubles("y", x.length);
        if (x.length == 0) {
            throw node.bad("has no points");
        }
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(x[i]) || (i > 0 && x[i] < x[i - 1])) {
                throw node.bad("has points that do not ascend");
            }
        }
        return new Interpolate(x, y);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        result[to] = Interpolation.at(cells[from], x, y);
    }
}
