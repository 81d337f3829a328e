package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/**
 * Makes probabilities, or means, of the raw sums of a row. The formulas are those of scikit-learn and SciPy.
 */
public final class Link extends RowOperator {

    private enum Kind {
        EXPIT,
        BINARY_EXPIT,
        BINARY,
        PAIR,
        SOFTMAX,
        EXP_NORMALIZE,
        EXP_SHIFTED,
        LOG,
        EXP,
        RELU,
        TANH,
        LOGISTIC,
        IDENTITY,
        NORMALIZE_UNIFORM,
        NORMALIZE_STAY
    }

    private final Kind kind;

    private Link(Kind kind, int inputs, int outputs) {
        super(inputs, outputs, 40L * outputs, false);
        this.kind = kind;
    }

    /** Makes the operator {@code link}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        Kind kind = switch (node.text("name", "")) {
            case "expit" -> Kind.EXPIT;
            case "binary_expit" -> Kind.BINARY_EXPIT;
            case "binary" -> Kind.BINARY;
            case "pair" -> Kind.PAIR;
            case "softmax" -> Kind.SOFTMAX;
            case "exp_normalize" -> Kind.EXP_NORMALIZE;
            case "exp_shifted" -> Kind.EXP_SHIFTED;
            case "log" -> Kind.LOG;
            case "exp" -> Kind.EXP;
            case "relu" -> Kind.RELU;
            case "tanh" -> Kind.TANH;
            case "logistic" -> Kind.LOGISTIC;
            case "identity" -> Kind.IDENTITY;
            case "normalize" ->
                node.word("zero", "uniform", "stay").equals("stay") ? Kind.NORMALIZE_STAY : Kind.NORMALIZE_UNIFORM;
            default -> throw node.bad("has a name that is not known");
        };
        if (kind != Kind.BINARY_EXPIT && kind != Kind.BINARY && kind != Kind.PAIR) {
            return new Link(kind, width, width);
        }
        if (width != 1) {
            throw node.bad("takes one column, and gets " + width);
        }
        return new Link(kind, 1, 2);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        switch (kind) {
            case BINARY_EXPIT -> {
                double p = expit(cells[from]);
                result[to] = 1 - p;
                result[to + 1] = p;
            }
            case BINARY -> {
                result[to] = 1 - cells[from];
                result[to + 1] = cells[from];
            }
            case PAIR -> {
                result[to] = -cells[from];
                result[to + 1] = cells[from];
            }
            case SOFTMAX -> softmax(cells, from, result, to);
            case EXP_NORMALIZE -> expNormalize(cells, from, result, to);
            case EXP_SHIFTED -> expShifted(cells, from, result, to);
            case NORMALIZE_STAY, NORMALIZE_UNIFORM -> normalize(cells, from, result, to);
            default -> {
                for (int i = 0; i < inputs(); i++) {
                    result[to + i] = cell(cells[from + i]);
                }
            }
        }
    }

    private double cell(double value) {
        return switch (kind) {
            case EXPIT, LOGISTIC -> expit(value);
            case LOG -> Math.log(value);
            case EXP -> Math.exp(value);
            case RELU -> value > 0 || Double.isNaN(value) ? value : 0;
            case TANH -> Math.tanh(value);
            default -> value;
        };
    }

    private static double expit(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    private double greatest(double[] cells, int from) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < inputs(); i++) {
            greatest = Math.max(greatest, cells[from + i]);
        }
        return greatest;
    }

    private void softmax(double[] cells, int from, double[] result, int to) {
        double greatest = greatest(cells, from);
        double sum = 0;
        for (int i = 0; i < inputs(); i++) {
            double part = Math.exp(cells[from + i] - greatest);
            result[to + i] = part;
            sum += part;
        }
        for (int i = 0; i < inputs(); i++) {
            result[to + i] /= sum;
        }
    }

    private void expNormalize(double[] cells, int from, double[] result, int to) {
        double greatest = greatest(cells, from);
        double logSum = greatest;
        if (Math.abs(greatest) < Double.POSITIVE_INFINITY) {
            double sum = 0;
            for (int i = 0; i < inputs(); i++) {
                sum += Math.exp(cells[from + i] - greatest);
            }
            logSum = Math.log(sum) + greatest;
        }
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = Math.exp(cells[from + i] - logSum);
        }
    }

    /** The largest is subtracted first, so that of very large numbers not all digits are lost. */
    private void expShifted(double[] cells, int from, double[] result, int to) {
        double greatest = greatest(cells, from);
        double sum = 0;
        for (int i = 0; i < inputs(); i++) {
            sum += Math.exp(cells[from + i] - greatest);
        }
        double logSum = Math.log(sum);
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = Math.exp(cells[from + i] - greatest - logSum);
        }
    }

    private void normalize(double[] cells, int from, double[] result, int to) {
        double sum = 0;
        for (int i = 0; i < inputs(); i++) {
            sum += cells[from + i];
        }
        for (int i = 0; i < inputs(); i++) {
            if (sum != 0) {
                result[to + i] = cells[from + i] / sum;
            } else {
                result[to + i] = kind == Kind.NORMALIZE_STAY ? cells[from + i] : 1.0 / inputs();
            }
        }
    }
}
