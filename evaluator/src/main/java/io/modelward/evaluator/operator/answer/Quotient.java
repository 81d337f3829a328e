package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;

/** Divides one value by another, cell by cell. */
public final class Quotient implements Operator {

    private final Shape shape;

    private Quotient(Shape shape) {
        this.shape = shape;
    }

    /** Makes the operator {@code quotient}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 2 || !inputs[0].numbers() || !inputs[0].equals(inputs[1])) {
            throw node.bad("takes two values of numbers, of one width");
        }
        return new Quotient(inputs[0]);
    }

    @Override
    public Value apply(Value[] inputs) {
        NumericValue dividend = (NumericValue) inputs[0];
        double[] divisor = ((NumericValue) inputs[1]).cells();
        double[] result = dividend.cells().clone();
        for (int i = 0; i < result.length; i++) {
            result[i] /= divisor[i];
        }
        return NumericValue.of(result, dividend.rows(), dividend.columns());
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public long work() {
        return shape.width();
    }
}
