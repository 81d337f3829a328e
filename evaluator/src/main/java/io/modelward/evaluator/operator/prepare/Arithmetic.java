package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.FormArray;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** Calculates with each column and a number, step after step. Of {@code f4} each step is rounded to {@code f4}. */
public final class Arithmetic extends RowOperator implements HasEdges {

    private enum Action {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        MAXIMUM,
        MINIMUM,
        POWER
    }

    private final Action[] actions;
    /** For each step one number for each column. */
    private final double[][] by;
    /** The same for {@code f4}: NumPy rounds a number that is no array first. */
    private final double[][] bySingle;

    private Arithmetic(int width, Action[] actions, double[][] by, double[][] bySingle) {
        super(width, width, work(actions, width), true);
        this.actions = actions;
        this.by = by;
        this.bySingle = bySingle;
    }

    private static long work(Action[] actions, int width) {
        long work = 1;
        for (Action action : actions) {
            work += action == Action.POWER ? 40L * width : width;
        }
        return work;
    }

    /** Makes the operator {@code arithmetic}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        JsonNode steps = node.members().path("steps");
        if (!steps.isArray() || steps.size() > 100) {
            throw node.bad("needs a list steps, of 100 at most");
        }
        Action[] actions = new Action[steps.size()];
        double[][] by = new double[actions.length][];
        double[][] bySingle = new double[actions.length][];
        for (int i = 0; i < actions.length; i++) {
            JsonNode step = steps.get(i);
            actions[i] = switch (step.path("do").stringValue("")) {
                case "add" -> Action.ADD;
                case "subtract" -> Action.SUBTRACT;
                case "multiply" -> Action.MULTIPLY;
                case "divide" -> Action.DIVIDE;
                case "maximum" -> Action.MAXIMUM;
                case "minimum" -> Action.MINIMUM;
                case "power" -> Action.POWER;
                default -> throw node.bad("has a step that is not known");
            };
            JsonNode number = step.path("by");
            if (number.has("array")) {
                FormArray array = node.array(number, "by");
                if (array.count() != width) {
                    throw node.bad("has " + array.count() + " numbers in a step, and takes " + width + " columns");
                }
                by[i] = array.doubles();
                bySingle[i] = by[i];
            } else {
                by[i] = new double[width];
                bySingle[i] = new double[width];
                Arrays.fill(by[i], node.number(number, "by"));
                Arrays.fill(bySingle[i], (float) node.number(number, "by"));
            }
        }
        return new Arithmetic(width, actions, by, bySingle);
    }

    /** Makes the operator {@code multiply}. */
    public static Operator multiply(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        double number = node.number(node.members().path("by"), "by");
        double[] by = new double[width];
        double[] bySingle = new double[width];
        Arrays.fill(by, number);
        Arrays.fill(bySingle, (float) number);
        return new Arithmetic(width, new Action[] {Action.MULTIPLY}, new double[][] {by}, new double[][] {bySingle});
    }

    /** What a scaler takes away or divides by says of which size the numbers of a column are. */
    @Override
    public void edges(Sink sink) {
        if (by.length > 0) {
            for (int column = 0; column < inputs(); column++) {
                sink.edge(column, by[0][column]);
            }
        }
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int width = inputs();
        System.arraycopy(cells, from, result, to, width);
        for (int step = 0; step < actions.length; step++) {
            step(actions[step], single ? bySingle[step] : by[step], result, to);
            if (single) {
                for (int i = to; i < to + width; i++) {
                    result[i] = (float) result[i];
                }
            }
        }
    }

    private void step(Action action, double[] numbers, double[] result, int to) {
        int width = inputs();
        switch (action) {
            case ADD -> {
                for (int i = 0; i < width; i++) {
                    result[to + i] += numbers[i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < width; i++) {
                    result[to + i] -= numbers[i];
                }
            }
            case MULTIPLY -> {
                for (int i = 0; i < width; i++) {
                    result[to + i] *= numbers[i];
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < width; i++) {
                    result[to + i] /= numbers[i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < width; i++) {
                    double value = result[to + i];
                    result[to + i] = value > numbers[i] || Double.isNaN(value) ? value : numbers[i];
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < width; i++) {
                    double value = result[to + i];
                    result[to + i] = value < numbers[i] || Double.isNaN(value) ? value : numbers[i];
                }
            }
            case POWER -> {
                for (int i = 0; i < width; i++) {
                    result[to + i] = power(result[to + i], numbers[i]);
                }
            }
        }
    }

    /** As C has it: 1 to any power is 1, and so is -1 to an infinite one. */
    private static double power(double base, double exponent) {
        return base == 1 || (base == -1 && Double.isInfinite(exponent)) ? 1 : Math.pow(base, exponent);
    }
}
