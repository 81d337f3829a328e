package io.modelward.evaluator.operator.answer;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Chooses the class of a row: makes its index. */
public final class SelectClass extends RowOperator {

    private enum Rule {
        ARGMAX,
        ARGMIN,
        POSITIVE,
        NOT_NEGATIVE,
        THRESHOLD,
        GREATER
    }

    private final Rule rule;
    private final int column;
    private final double at;

    private SelectClass(int width, Rule rule, int column, double at) {
        super(width, 1, width, false);
        this.rule = rule;
        this.column = column;
        this.at = at;
    }

    /** Makes the operator {@code select_class}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        if (width < 1) {
            throw node.bad("takes at least one column");
        }
        Rule rule = switch (node.word("rule", "argmax", "argmin", "positive", "not_negative", "threshold", "greater")) {
            case "argmax" -> Rule.ARGMAX;
            case "argmin" -> Rule.ARGMIN;
            case "positive" -> Rule.POSITIVE;
            case "not_negative" -> Rule.NOT_NEGATIVE;
            case "threshold" -> Rule.THRESHOLD;
            default -> Rule.GREATER;
        };
        boolean one = rule == Rule.POSITIVE || rule == Rule.NOT_NEGATIVE;
        if (one && width != 1) {
            throw node.bad("takes one column, and gets " + width);
        }
        if (rule != Rule.THRESHOLD && rule != Rule.GREATER) {
            return new SelectClass(width, rule, 0, 0);
        }
        if (!node.has("at")) {
            throw node.bad("needs a number in at");
        }
        return new SelectClass(width, rule, node.whole("column", 0, width - 1), node.number("at", 0));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        double value = cells[from + column];
        result[to] = switch (rule) {
            case POSITIVE -> value > 0 ? 1 : 0;
            case NOT_NEGATIVE -> value >= 0 ? 1 : 0;
            case THRESHOLD -> value >= at ? 1 : 0;
            case GREATER -> value > at ? 1 : 0;
            case ARGMAX, ARGMIN -> extreme(cells, from);
        };
    }

    /** The first of equals; NaN is beyond all others, as NumPy has it. */
    private int extreme(double[] cells, int from) {
        int best = 0;
        for (int i = 0; i < inputs(); i++) {
            double value = cells[from + i];
            if (Double.isNaN(value)) {
                return i;
            }
            if (rule == Rule.ARGMAX ? value > cells[from + best] : value < cells[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
