package io.modelward.evaluator.operator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;

/** An operator that makes one row of numbers of one row of numbers. */
public abstract class RowOperator implements Operator {

    private final int inputs;
    private final int outputs;
    private final long work;
    private final boolean keeps;

    /**
     * @param inputs the width of what it takes
     * @param outputs the width of what it makes
     * @param work for one row, as {@link Operator#work()} has it
     * @param keeps whether the result of {@code f4} is {@code f4}, rounded at the end; else it is {@code f8}
     */
    protected RowOperator(int inputs, int outputs, long work, boolean keeps) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.work = work;
        this.keeps = keeps;
    }

    /** The width of the only input, which must be numbers. */
    public static int width(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 1 || !inputs[0].numbers()) {
            throw node.bad("takes one value, of numbers");
        }
        return inputs[0].width();
    }

    /**
     * Computes one row.
     *
     * @param cells of the input
     * @param from where the row begins in {@code cells}
     * @param result to be filled; it holds zeros
     * @param to where the row begins in {@code result}
     * @param single whether the input is of dtype {@code f4}
     */
    protected abstract void row(double[] cells, int from, double[] result, int to, boolean single) throws Refused;

    /** How many columns it takes. */
    protected final int inputs() {
        return inputs;
    }

    /** How many columns it makes. */
    protected final int outputs() {
        return outputs;
    }

    @Override
    public final Value apply(Value[] values) throws Refused {
        NumericValue input = (NumericValue) values[0];
        double[] result = new double[input.rows() * outputs];
        for (int row = 0; row < input.rows(); row++) {
            row(input.cells(), row * inputs, result, row * outputs, input.single());
        }
        boolean single = keeps && input.single();
        if (single) {
            for (int i = 0; i < result.length; i++) {
                result[i] = (float) result[i];
            }
        }
        return new NumericValue(result, input.rows(), outputs, single);
    }

    @Override
    public final Shape shape() {
        return Shape.numbers(outputs);
    }

    @Override
    public final long work() {
        return work;
    }
}
