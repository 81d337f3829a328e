package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Makes 1 of each number above a threshold, and 0 of all others. */
public final class Binarize extends RowOperator implements HasEdges {

    private final double threshold;

    private Binarize(int width, double threshold) {
        super(width, width, width, true);
        this.threshold = threshold;
    }

    /** Makes the operator {@code binarize}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        return new Binarize(width(node, inputs), node.number(node.members().path("threshold"), "threshold"));
    }

    @Override
    public void edges(Sink sink) {
        for (int column = 0; column < inputs(); column++) {
            sink.edge(column, threshold);
        }
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        double limit = single ? (float) threshold : threshold;
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = cells[from + i] > limit ? 1 : 0;
        }
    }
}
