package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;

/** The same numbers for each row. */
public final class Constant implements Operator {

    private final double[] values;

    private Constant(double[] values) {
        this.values = values;
    }

    /** Makes the operator {@code constant}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 1) {
            throw node.bad("takes one value");
        }
        return new Constant(node.array("values").doubles());
    }

    @Override
    public Value apply(Value[] inputs) {
        int rows = inputs[0].rows();
        double[] result = new double[rows * values.length];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(values, 0, result, row * values.length, values.length);
        }
        return NumericValue.of(result, rows, values.length);
    }

    @Override
    public Shape shape() {
        return Shape.numbers(values.length);
    }

    @Override
    public long work() {
        return values.length;
    }
}
