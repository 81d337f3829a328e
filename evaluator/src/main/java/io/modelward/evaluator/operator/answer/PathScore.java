package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** The score of an isolation forest, of the sum of a row's path lengths: {@code -2^(-depth / denominator)}. */
public final class PathScore extends RowOperator {

    private final double denominator;

    private PathScore(double denominator) {
        super(1, 1, 40, false);
        this.denominator = denominator;
    }

    /** Makes the operator {@code path_score}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (width(node, inputs) != 1) {
            throw node.bad("takes one column");
        }
        return new PathScore(node.number(node.members().path("denominator"), "denominator"));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        result[to] = -Math.pow(2, denominator == 0 ? -1 : -(cells[from] / denominator));
    }
}
