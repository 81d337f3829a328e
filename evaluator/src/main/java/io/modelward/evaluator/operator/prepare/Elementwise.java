package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** A function of NumPy or SciPy of each cell. */
public final class Elementwise extends RowOperator {

    private static final double LN_2 = Math.log(2);

    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.ofEntries(
            Map.entry("log", Math::log),
            Map.entry("log1p", Math::log1p),
            Map.entry("log2", x -> Math.log(x) / LN_2),
            Map.entry("log10", Math::log10),
            Map.entry("exp", Math::exp),
            Map.entry("expm1", Math::expm1),
            Map.entry("exp2", x -> Math.pow(2, x)),
            Map.entry("sqrt", Math::sqrt),
            Map.entry("cbrt", Math::cbrt),
            Map.entry("square", x -> x * x),
            Map.entry("abs", Math::abs),
            Map.entry("sign", x -> x == 0 ? 0 : Math.signum(x)),
            Map.entry("negative", x -> -x),
            Map.entry("reciprocal", x -> 1 / x),
            Map.entry("sin", Math::sin),
            Map.entry("cos", Math::cos),
            Map.entry("tan", Math::tan),
            Map.entry("arcsin", Math::asin),
            Map.entry("arccos", Math::acos),
            Map.entry("arctan", Math::atan),
            Map.entry("sinh", Math::sinh),
            Map.entry("cosh", Math::cosh),
            Map.entry("tanh", Math::tanh),
            Map.entry("floor", Math::floor),
            Map.entry("ceil", Math::ceil),
            Map.entry("trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x)),
            Map.entry("rint", Math::rint),
            Map.entry("expit", x -> 1 / (1 + Math.exp(-x))),
            Map.entry("logit", Elementwise::logit),
            Map.entry("logistic_log", x -> x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x))));

    private final DoubleUnaryOperator function;

    private Elementwise(int width, DoubleUnaryOperator function) {
        super(width, width, 40L * width, true);
        this.function = function;
    }

    /** Makes the operator {@code function}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        DoubleUnaryOperator function = FUNCTIONS.get(node.text("name", ""));
        if (function == null) {
            throw node.bad("has a name that is not known");
        }
        return new Elementwise(width(node, inputs), function);
    }

    /** As SciPy has it: exact near one half too. */
    private static double logit(double x) {
        if (x < 0.3 || x > 0.65) {
            return Math.log(x / (1 - x));
        }
        double s = 2 * (x - 0.5);
        return Math.log1p(s) - Math.log1p(-s);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = function.applyAsDouble(cells[from + i]);
        }
    }
}
