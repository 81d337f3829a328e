package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;

/** The weighted median of values with one column each, as {@code AdaBoostRegressor} predicts. */
public final class WeightedMedian implements Operator {

    private final double[] weights;

    private WeightedMedian(double[] weights) {
        this.weights = weights;
    }

    /** Makes the operator {@code weighted_median}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        double[] weights = node.numbers("weights");
        if (weights.length != inputs.length) {
            throw node.bad("has " + weights.length + " weights, and takes " + inputs.length + " values");
        }
        for (Shape input : inputs) {
            if (!input.numbers() || input.width() != 1) {
                throw node.bad("takes values of one column");
            }
        }
        return new WeightedMedian(weights);
    }

    @Override
    public Value apply(Value[] inputs) {
        int rows = inputs[0].rows();
        double[] result = new double[rows];
        double[] values = new double[weights.length];
        double[] sorted = new double[weights.length];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < values.length; i++) {
                values[i] = ((NumericValue) inputs[i]).cells()[row];
                sorted[i] = weights[i];
            }
            sort(values, sorted);
            double sum = 0;
            for (double weight : sorted) {
                sum += weight;
            }
            double below = 0;
            int median = 0;
            for (int i = 0; i < values.length; i++) {
                below += sorted[i];
                if (below >= 0.5 * sum) {
                    median = i;
                    break;
                }
            }
            result[row] = values[median];
        }
        return NumericValue.of(result, rows, 1);
    }

    /** Sorts values with their weights; NaN is last, and equals stay in their order. */
    private static void sort(double[] values, double[] weights) {
        for (int i = 1; i < values.length; i++) {
            double value = values[i];
            double weight = weights[i];
            int at = i;
            while (at > 0 && (values[at - 1] > value || (Double.isNaN(values[at - 1]) && !Double.isNaN(value)))) {
                values[at] = values[at - 1];
                weights[at] = weights[at - 1];
                at--;
            }
            values[at] = value;
            weights[at] = weight;
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(1);
    }

    @Override
    public long work() {
        return (long) weights.length * weights.length + 3L * weights.length;
    }
}
