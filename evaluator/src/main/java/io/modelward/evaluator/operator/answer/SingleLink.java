package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;

/**
 * Makes probabilities, or means, of the raw sums of a row in float32. The formulas are those of XGBoost
 * ({@code src/common/math.h}), with each step rounded to float32.
 */
public final class SingleLink implements Operator {

    private static final float MOST = 88.7f;
    private static final float TINY = 1e-16f;

    private enum Kind {
        EXPIT,
        EXP,
        SOFTMAX,
        BINARY,
        STEP
    }

    private final Kind kind;
    private final int width;

    private SingleLink(Kind kind, int width) {
        this.kind = kind;
        this.width = width;
    }

    /** Makes the operator {@code link_f4}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = RowOperator.width(node, inputs);
        Kind kind = switch (node.text("name", "")) {
            case "expit" -> Kind.EXPIT;
            case "exp" -> Kind.EXP;
            case "softmax" -> Kind.SOFTMAX;
            case "binary" -> Kind.BINARY;
            case "step" -> Kind.STEP;
            default -> throw node.bad("has a name that is not known");
        };
        if (kind == Kind.BINARY && width != 1) {
            throw node.bad("takes one column, and gets " + width);
        }
        return new SingleLink(kind, width);
    }

    private int outputs() {
        return kind == Kind.BINARY ? 2 : width;
    }

    @Override
    public Value apply(Value[] inputs) {
        NumericValue input = (NumericValue) inputs[0];
        double[] cells = input.cells();
        double[] result = new double[input.rows() * outputs()];
        switch (kind) {
            case SOFTMAX -> {
                for (int at = 0; at < cells.length; at += width) {
                    softmax(cells, at, result);
                }
            }
            case BINARY -> {
                for (int i = 0; i < cells.length; i++) {
                    float p = (float) cells[i];
                    result[2 * i] = 1 - p;
                    result[2 * i + 1] = p;
                }
            }
            default -> {
                for (int i = 0; i < cells.length; i++) {
                    result[i] = cell((float) cells[i]);
                }
            }
        }
        return new NumericValue(result, input.rows(), outputs(), true);
    }

    private float cell(float value) {
        return switch (kind) {
            case EXPIT -> 1 / (SingleExp.of(-value < MOST || Float.isNaN(value) ? -value : MOST) + 1 + TINY);
            case EXP -> SingleExp.of(value);
            default -> value > 0 ? 1 : 0;
        };
    }

    /** The sum alone is in float64. */
    private void softmax(double[] cells, int from, double[] result) {
        float greatest = (float) cells[from];
        for (int i = 1; i < width; i++) {
            greatest = Math.max(greatest, (float) cells[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < width; i++) {
            float part = SingleExp.of((float) cells[from + i] - greatest);
            result[from + i] = part;
            sum += part;
        }
        for (int i = 0; i < width; i++) {
            result[from + i] = (float) result[from + i] / (float) sum;
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(outputs());
    }

    @Override
    public long work() {
        return 30L * outputs();
    }
}
