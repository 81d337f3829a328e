package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.Numbers;
import io.modelward.evaluator.value.Value;
import java.util.Arrays;

/**
 * Makes one column per class of classifiers for each pair of classes: the votes, and the sum of the confidences pressed
 * between -1/3 and 1/3, which decides between equal votes. The formula is that of scikit-learn's function {@code
 * _ovr_decision_function}.
 */
public final class OneVsOne implements Operator {

    private final int classes;
    private final int pairs;

    private OneVsOne(int classes, int pairs) {
        this.classes = classes;
        this.pairs = pairs;
    }

    /** Makes the operator {@code one_vs_rest}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int classes = node.whole("classes", 2, 1 << 15);
        int pairs = classes * (classes - 1) / 2;
        if (inputs.length != 2
                || !inputs[0].numbers()
                || !inputs[1].numbers()
                || inputs[0].width() != pairs
                || inputs[1].width() != pairs) {
            throw node.bad("takes the votes and the confidences of " + pairs + " classifiers");
        }
        return new OneVsOne(classes, pairs);
    }

    @Override
    public Value apply(Value[] inputs) {
        Numbers votes = (Numbers) inputs[0];
        Numbers confidences = (Numbers) inputs[1];
        int rows = votes.rows();
        double[] result = new double[rows * classes];
        double[] sums = new double[classes];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sums, 0);
            int base = row * classes;
            int pair = 0;
            for (int i = 0; i < classes; i++) {
                for (int j = i + 1; j < classes; j++) {
                    double confidence = confidences.at(row, pair);
                    double vote = votes.at(row, pair);
                    sums[i] -= confidence;
                    sums[j] += confidence;
                    if (vote == 0) {
                        result[base + i]++;
                    } else if (vote == 1) {
                        result[base + j]++;
                    }
                    pair++;
                }
            }
            for (int i = 0; i < classes; i++) {
                result[base + i] += sums[i] / (3 * (Math.abs(sums[i]) + 1));
            }
        }
        return Numbers.of(result, rows, classes);
    }

    @Override
    public Shape shape() {
        return Shape.numbers(classes);
    }

    @Override
    public long work() {
        return 4L * pairs + classes;
    }
}
