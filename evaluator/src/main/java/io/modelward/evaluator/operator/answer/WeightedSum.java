package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Adds values of one width, in order, each multiplied with a number of its own. */
public final class WeightedSum implements Operator {

    private final int width;
    private final double[] factors;
    private final double @Nullable [] start;
    private final double divide;

    private WeightedSum(int width, double[] factors, double @Nullable [] start, double divide) {
        this.width = width;
        this.factors = factors;
        this.start = start;
        this.divide = divide;
    }

    /** Makes the operator {@code mean}: the sum divided by the sum of the weights. */
    public static Operator mean(Node node, Shape[] inputs) throws BadForm {
        double[] weights = factors(node, "weights", inputs.length);
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        return new WeightedSum(width(node, inputs), weights, null, sum);
    }

    /** Makes the operator {@code sum}. */
    public static Operator sum(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        double[] start = node.doublesIfAny("start", width).orElse(null);
        return new WeightedSum(width, factors(node, "scale", inputs.length), start, 1);
    }

    private static double[] factors(Node node, String name, int count) throws BadForm {
        if (!node.has(name)) {
            double[] ones = new double[count];
            Arrays.fill(ones, 1);
            return ones;
        }
        double[] factors = node.numbers(name);
        if (factors.length != count) {
            throw node.bad("has " + factors.length + " numbers in " + name + ", and takes " + count + " values");
        }
        return factors;
    }

    private static int width(Node node, Shape[] inputs) throws BadForm {
        for (Shape input : inputs) {
            if (!input.numbers() || input.width() != inputs[0].width()) {
                throw node.bad("takes numbers of one width");
            }
        }
        return inputs[0].width();
    }

    @Override
    public Value apply(Value[] inputs) {
        int rows = inputs[0].rows();
        double[] sums = new double[rows * width];
        if (start != null) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(start, 0, sums, row * width, width);
            }
        }
        for (int i = 0; i < inputs.length; i++) {
            double[] cells = ((NumericValue) inputs[i]).cells();
            double factor = factors[i];
            for (int j = 0; j < sums.length; j++) {
                sums[j] += factor * cells[j];
            }
        }
        if (divide != 1) {
            for (int j = 0; j < sums.length; j++) {
                sums[j] /= divide;
            }
        }
        return NumericValue.of(sums, rows, width);
    }

    @Override
    public Shape shape() {
        return Shape.numbers(width);
    }

    @Override
    public long work() {
        return (factors.length + 1L) * width;
    }
}
