package io.modelward.evaluator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.Form;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.MissingNode;

/** A form that can be evaluated. It has no state: many threads use it at once. */
public final class Evaluator {

    /** Of one value, so that the place of a cell is an int. */
    private static final int MOST_CELLS = 1 << 28;

    private final Form form;
    private final InputSpec input;
    private final Operator[] operators;
    private final Shape[] shapes;
    private final int[][] inputs;
    private final int[] needed;
    private final int[][] steps;
    private final AnswerMaker[] answers;
    private final long work;
    private final int cells;
    /** The columns of each value. */
    private final int[] widths;

    private final int rowsAtOnce;

    private Evaluator(Form form, Bounds bounds) throws BadForm {
        this.form = form;
        this.input = InputSpec.of(form.input(), bounds);
        List<Node> nodes = form.nodes();
        operators = new Operator[nodes.size() + 1];
        inputs = new int[nodes.size() + 1][];
        shapes = new Shape[nodes.size() + 1];
        shapes[0] = input.shape();
        long all = shapes[0].width();
        long sum = 0;
        int most = Math.max(1, shapes[0].width());
        for (Node node : nodes) {
            Shape[] taken = new Shape[node.inputs().length];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = shapes[node.inputs()[i]];
            }
            Operator operator = Operators.of(node, taken);
            Shape made = operator.shape();
            all += made.width();
            sum += operator.work() + made.width() + taken.length;
            most = Math.max(most, made.width());
            if (made.width() > bounds.width() || all > bounds.cells()) {
                throw node.bad("needs more memory for a row than is allowed");
            }
            if (sum < 0 || sum > bounds.work()) {
                throw node.bad("needs more steps for a row than is allowed");
            }
            operators[node.number()] = operator;
            inputs[node.number()] = node.inputs();
            shapes[node.number()] = made;
        }
        work = sum;
        widths = Arrays.stream(shapes).mapToInt(Shape::width).toArray();
        cells = Math.toIntExact(all);
        rowsAtOnce = MOST_CELLS / most;
        BitSet wanted = new BitSet();
        answers = new AnswerMaker[form.answers().size()];
        for (int i = 0; i < answers.length; i++) {
            Form.AnswerPart part = form.answers().get(i);
            answers[i] =
                    AnswerMaker.of(part, part.node() == 0 ? null : nodes.get(part.node() - 1), shapes[part.node()]);
            wanted.set(part.node());
        }
        needed = order(wanted, 0);
        steps = new int[form.steps().size()][];
        for (int i = 0; i < steps.length; i++) {
            Form.Step step = form.steps().get(i);
            BitSet end = new BitSet();
            end.set(step.to());
            steps[i] = order(end, step.from());
        }
    }

    private Evaluator(Evaluator whole) {
        Form full = whole.form;
        form = new Form(full.library(), full.model(), MissingNode.getInstance(), List.of(), List.of(), full.answers());
        input = whole.input;
        operators = new Operator[whole.operators.length];
        shapes = whole.shapes;
        inputs = whole.inputs;
        needed = whole.needed;
        steps = new int[0][];
        answers = whole.answers;
        work = whole.work;
        cells = whole.cells;
        widths = whole.widths;
        rowsAtOnce = whole.rowsAtOnce;
        for (int value : needed) {
            operators[value] = whole.operators[value];
        }
    }

    /** The same for answers alone: the form with its arrays and steps, which proofs need, is let go. */
    public Evaluator forAnswers() {
        return new Evaluator(this);
    }

    /** The memory that it takes, in bytes, as the objects and arrays that it is made of add up. */
    public long bytes() {
        return Footprint.of(operators) + Footprint.of(answers) + Footprint.of(inputs);
    }

    /** @throws BadForm when an operator is not known, does not fit its inputs, or takes more than the bounds allow */
    public static Evaluator of(Form form, Bounds bounds) throws BadForm {
        return new Evaluator(form, bounds);
    }

    /** The values that must be made for the wanted ones, in order, when the value {@code from} is there. */
    private int[] order(BitSet wanted, int from) throws BadForm {
        for (int value = operators.length - 1; value > from; value--) {
            if (wanted.get(value)) {
                for (int input : inputs[value]) {
                    wanted.set(input);
                }
            }
        }
        if (wanted.previousSetBit(from - 1) >= 0) {
            throw new BadForm("a step depends on more than the value that it takes");
        }
        wanted.clear(from);
        return wanted.stream().toArray();
    }

    public Form form() {
        return form;
    }

    public InputSpec input() {
        return input;
    }

    /** About the elementary operations for one row. */
    public long work() {
        return work;
    }

    /** What is known of a value before there are rows. */
    public Shape shape(int value) {
        return shapes[value];
    }

    /** The values that the answers are made of, in order; without the input. */
    public int[] needed() {
        return needed.clone();
    }

    /** The cells of all values of one row together, which take 8 bytes each. */
    public int cells() {
        return cells;
    }

    /** How many rows can be evaluated at once. */
    public int rowsAtOnce() {
        return rowsAtOnce;
    }

    public Operator operator(int value) {
        return operators[value];
    }

    /** The values that a step makes, in order; the last one is its result. */
    public int[] made(int step) {
        return steps[step].clone();
    }

    /**
     * Answers.
     *
     * @param rows at most {@link #rowsAtOnce}
     * @throws Refused when the model raises for a row
     * @throws IllegalArgumentException when there are more rows, or they have another width than the form's input
     */
    public List<Answer> answer(Value rows) throws Refused {
        @Nullable Value[] values = new Value[operators.length];
        check(rows, input.width());
        values[0] = rows;
        run(values, needed);
        List<Answer> made = new ArrayList<>(answers.length);
        for (AnswerMaker answer : answers) {
            made.add(answer.of(Objects.requireNonNull(values[answer.node()])));
        }
        return made;
    }

    /**
     * Computes one step alone.
     *
     * @param from the rows of the value that the step takes
     * @return all values that the step made, by number; others are null
     */
    public @Nullable Value[] step(int step, Value from) throws Refused {
        @Nullable Value[] values = new Value[operators.length];
        check(from, widths[form.steps().get(step).from()]);
        values[form.steps().get(step).from()] = from;
        run(values, steps[step]);
        return values;
    }

    /**
     * One value of the graph.
     *
     * @param rows of the input
     */
    public Value value(Value rows, int value) throws Refused {
        if (value == 0) {
            return rows;
        }
        BitSet end = new BitSet();
        end.set(value);
        @Nullable Value[] values = new Value[operators.length];
        values[0] = rows;
        try {
            run(values, order(end, 0));
        } catch (BadForm impossible) {
            throw new IllegalStateException(impossible);
        }
        return Objects.requireNonNull(values[value]);
    }

    /** Whether a value that is numbers has dtype {@code f4}, as far as the form itself says. */
    public boolean isSingle(int value) {
        if (value == 0) {
            return input.single();
        }
        Node node = form.nodes().get(value - 1);
        return switch (node.op()) {
            case "impute", "columns", "arithmetic", "concat" ->
                Arrays.stream(node.inputs()).allMatch(this::isSingle);
            case "link_f4" -> true;
            case "trees" -> node.members().path("sum").stringValue("").equals("f4");
            default -> node.members().path("dtype").stringValue("").equals("f4");
        };
    }

    private void check(Value rows, int width) {
        if (rows.rows() > rowsAtOnce || rows.columns() != width) {
            throw new IllegalArgumentException(rows.rows() + " rows of " + rows.columns() + " columns do not fit");
        }
    }

    private void run(@Nullable Value[] values, int[] order) throws Refused {
        for (int value : order) {
            int[] from = inputs[value];
            Value[] taken = new Value[from.length];
            for (int i = 0; i < from.length; i++) {
                taken[i] = Objects.requireNonNull(values[from[i]]);
            }
            values[value] = operators[value].apply(taken);
        }
    }
}
