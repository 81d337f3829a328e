package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Puts columns at places of a wider row; the other places hold 0. */
public final class Placement extends RowOperator {

    private final int[] indices;

    private Placement(int[] indices, int outputs) {
        super(indices.length, outputs, indices.length, false);
        this.indices = indices;
    }

    /** Makes the operator {@code scatter}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int outputs = node.whole("width", 1, 1 << 20);
        int[] indices = SelectColumns.indices(node, outputs);
        if (indices.length != width(node, inputs)) {
            throw node.bad("does not have a place for each column");
        }
        return new Placement(indices, outputs);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        for (int i = 0; i < indices.length; i++) {
            result[to + indices[i]] = cells[from + i];
        }
    }
}
