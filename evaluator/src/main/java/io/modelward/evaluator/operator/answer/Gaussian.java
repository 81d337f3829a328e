package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Gaussian naive Bayes: the logarithm of the joint likelihood of a row and each class, as {@code GaussianNB} has it. */
public final class Gaussian extends RowOperator {

    private final double[] means;
    private final double[] variances;
    private final double[] priors;
    /** For each class what does not depend on the row. */
    private final double[] constants;

    private Gaussian(int width, double[] means, double[] variances, double[] priors, double[] constants) {
        super(width, priors.length, 3L * means.length + priors.length, false);
        this.means = means;
        this.variances = variances;
        this.priors = priors;
        this.constants = constants;
    }

    /** Makes the operator {@code gaussian}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] shape = node.shape("means");
        if (shape[1] != width) {
            throw node.bad("has means for " + shape[1] + " columns, and takes " + width);
        }
        double[] means = node.array("means").doubles();
        double[] variances = node.doubles("variances", means.length);
        double[] constants = new double[shape[0]];
        for (int i = 0; i < constants.length; i++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += Math.log(2 * Math.PI * variances[i * width + j]);
            }
            constants[i] = -0.5 * sum;
        }
        return new Gaussian(width, means, variances, node.doubles("priors", shape[0]), constants);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int at = 0;
        for (int i = 0; i < priors.length; i++) {
            double sum = 0;
            for (int j = 0; j < inputs(); j++) {
                double distance = cells[from + j] - means[at];
                sum += distance * distance / variances[at];
                at++;
            }
            result[to + i] = priors[i] + (constants[i] - 0.5 * sum);
        }
    }
}
