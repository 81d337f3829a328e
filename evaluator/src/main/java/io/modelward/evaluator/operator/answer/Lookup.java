package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.ClassIndex;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.Refused;

/** Makes of each index the number at that place of a list. */
public final class Lookup extends RowOperator {

    private final double[] values;

    private Lookup(int width, double[] values) {
        super(width, width, width, false);
        this.values = values;
    }

    /** Makes the operator {@code lookup}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        return new Lookup(width(node, inputs), node.array("values").doubles());
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) throws Refused {
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = values[ClassIndex.of(cells[from + i], values.length)];
        }
    }
}
