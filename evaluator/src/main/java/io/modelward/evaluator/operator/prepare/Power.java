package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.Refused;

/** Power transforms, as {@code scipy.stats.yeojohnson} and {@code scipy.special.boxcox} compute them. */
public final class Power extends RowOperator {

    private static final double EPS = Math.ulp(1d);

    private final double[] lambdas;
    private final boolean boxCox;

    private Power(int width, double[] lambdas, boolean boxCox) {
        super(width, width, 80L * width, false);
        this.lambdas = lambdas;
        this.boxCox = boxCox;
    }

    /** Makes the operator {@code yeo_johnson}. */
    public static Operator yeoJohnson(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        return new Power(width, node.doubles("lambdas", width), false);
    }

    /** Makes the operator {@code box_cox}. */
    public static Operator boxCox(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        return new Power(width, node.doubles("lambdas", width), true);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) throws Refused {
        for (int i = 0; i < inputs(); i++) {
            double cell = cells[from + i];
            if (boxCox && cell <= 0) {
                throw new Refused(
                        "ValueError", "The Box-Cox transformation can only be applied to strictly positive data");
            }
            result[to + i] = boxCox ? boxCox(cell, lambdas[i]) : yeoJohnson(cell, lambdas[i]);
        }
    }

    private static double yeoJohnson(double x, double lambda) {
        if (x >= 0) {
            return Math.abs(lambda) < EPS ? Math.log1p(x) : Math.expm1(lambda * Math.log1p(x)) / lambda;
        }
        return Math.abs(lambda - 2) > EPS ? -Math.expm1((2 - lambda) * Math.log1p(-x)) / (2 - lambda) : -Math.log1p(-x);
    }

    private static double boxCox(double x, double lambda) {
        if (Math.abs(lambda) < 1e-19) {
            return Math.log(x);
        }
        double exponent = lambda * Math.log(x);
        if (exponent < 709.78) {
            return Math.expm1(exponent) / lambda;
        }
        return Math.copySign(1, lambda) * Math.exp(exponent - Math.log(Math.abs(lambda))) - 1 / lambda;
    }
}
