package io.modelward.runtime.portable;

import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.Form;
import io.modelward.evaluator.operator.TreeNodes;
import io.modelward.evaluator.operator.Trees;
import io.modelward.evaluator.probe.Probes;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.serving.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves that an evaluator answers as the model's own library does: each step alone on rows that are made for it, then
 * the whole model. Numbers agree within 1e-9 of their size, and are the same where only trees are summed. A row for
 * which the library raises must be refused, and no other.
 */
final class EvaluationProof {

    /** In rows, of all steps together. */
    static final long MOST_PROBES = 100_000;

    private static final long MOST_CELLS = 40_000_000;
    private static final int CHUNK = 200;
    private static final int CHUNK_OF_TREES = 2_000;
    private static final int ALONE = 16;
    private static final int MOST_REFUSED = 60;
    private static final Set<String> EXACT =
            Set.of("trees", "numeric", "columns", "concat", "select_class", "labels", "multiply");

    private final Evaluator evaluator;
    private final Oracle oracle;
    private final AnswerComparison comparison = new AnswerComparison();
    private final Map<Integer, boolean[]> reached = new HashMap<>();
    private final long until;
    private long probes;
    private long wanted;

    /**
     * The outcome.
     *
     * @param wanted rows that a complete proof takes
     * @param failure why the evaluator is not used; empty when all was equal
     */
    record Outcome(long probes, long wanted, long nodes, long nodesReached, double largestDifference, String failure) {}

    /** Something was not equal. */
    private static final class Unequal extends Exception {

        Unequal(String why) {
            super(why, null, false, false);
        }
    }

    /** @param until {@link System#nanoTime()} after which no more rows are tried */
    EvaluationProof(Evaluator evaluator, Oracle oracle, long until) {
        this.evaluator = evaluator;
        this.oracle = oracle;
        this.until = until;
        for (int value = 1; value <= evaluator.form().nodes().size(); value++) {
            if (evaluator.operator(value) instanceof Trees trees) {
                reached.put(value, new boolean[trees.nodes().count()]);
            }
        }
    }

    /** Proves. */
    Outcome run(WholeProbes whole) throws IOException {
        String failure = "";
        try {
            List<Form.Step> steps = evaluator.form().steps();
            for (int step = 0; step < steps.size(); step++) {
                prove(step, steps.get(step));
            }
            whole(whole);
        } catch (Unequal unequal) {
            failure = String.valueOf(unequal.getMessage());
        }
        long nodes = 0;
        long passed = 0;
        for (boolean[] marks : reached.values()) {
            nodes += marks.length;
            for (boolean mark : marks) {
                passed += mark ? 1 : 0;
            }
        }
        return new Outcome(probes, wanted, nodes, passed, comparison.largest(), failure);
    }

    // One step.

    private void prove(int number, Form.Step step) throws IOException, Unequal {
        if (!evaluator.shape(step.to()).numbers()) {
            // What makes no numbers is proved with the step after it.
            return;
        }
        int[] made = evaluator.made(number);
        boolean hasTrees = false;
        boolean exact = true;
        for (int value : made) {
            hasTrees |= reached.containsKey(value);
            exact &= EXACT.contains(evaluator.form().nodes().get(value - 1).op());
        }
        int width = Math.max(1, evaluator.shape(step.from()).width());
        // However much the steps before took, no step goes without rows.
        long most = Math.max(CHUNK, Math.min(MOST_PROBES - probes, MOST_CELLS / width));
        StepRows rows = new StepRows(number, step, hasTrees ? CHUNK_OF_TREES : CHUNK, exact);
        try {
            wanted += Probes.each(evaluator, step.from(), made, most, rows);
            rows.flush();
        } catch (StepRows.Ended ended) {
            ended.rethrow();
        }
    }

    /** Gathers the rows of a step, and compares them chunk by chunk. */
    private final class StepRows implements Probes.Sink {

        private final int number;
        private final Form.Step step;
        private final int chunk;
        private final boolean exact;
        private final boolean single;
        private final List<double[]> numbers = new ArrayList<>();
        private final List<@Nullable Object[]> mixed = new ArrayList<>();
        private boolean first = true;
        private int refused;

        /** A comparison failed while rows were made. */
        private static final class Ended extends RuntimeException {

            Ended(Exception cause) {
                super(cause);
            }

            void rethrow() throws IOException, Unequal {
                if (getCause() instanceof Unequal unequal) {
                    throw unequal;
                }
                throw (IOException) getCause();
            }
        }

        StepRows(int number, Form.Step step, int chunk, boolean exact) {
            this.number = number;
            this.step = step;
            this.chunk = chunk;
            this.exact = exact;
            this.single = evaluator.isSingle(step.from());
        }

        @Override
        public void numbers(double[] row) {
            numbers.add(row);
            if (numbers.size() == chunk) {
                flush();
            }
        }

        @Override
        public void mixed(@Nullable Object[] row) {
            mixed.add(row);
            if (mixed.size() == chunk) {
                flush();
            }
        }

        void flush() {
            try {
                // The first rows are compared also when the time is over: what was not compared is not proved.
                boolean due = first || System.nanoTime() - until < 0;
                if (due && numbers.size() + mixed.size() > 0) {
                    List<Value> rows = mixed.isEmpty() ? fromNumbers() : fromMixed();
                    compare(rows);
                }
                numbers.clear();
                mixed.clear();
            } catch (IOException | Unequal failure) {
                throw new Ended(failure);
            }
        }

        private List<Value> fromNumbers() {
            List<Value> rows = new ArrayList<>();
            for (double[] row : numbers) {
                double[] cells = row;
                if (single) {
                    cells = row.clone();
                    for (int i = 0; i < cells.length; i++) {
                        cells[i] = (float) cells[i];
                    }
                }
                rows.add(new NumericValue(cells, 1, cells.length, single));
            }
            return rows;
        }

        private List<Value> fromMixed() {
            List<Value> rows = new ArrayList<>();
            boolean objects = evaluator.holdsObjects(step.from());
            mixed.forEach(row -> rows.add(TableRows.of(row, objects)));
            return rows;
        }

        private void compare(List<Value> rows) throws IOException, Unequal {
            List<Value> answered = new ArrayList<>();
            List<Value> turnedDown = new ArrayList<>();
            for (Value row : rows) {
                try {
                    mark(evaluator.step(number, row));
                    answered.add(row);
                } catch (Refused raised) {
                    turnedDown.add(row);
                }
            }
            probes += answered.size();
            if (!answered.isEmpty()) {
                compareAnswered(TableRows.joined(answered));
                if (first) {
                    for (Value row : answered.subList(0, Math.min(ALONE, answered.size()))) {
                        compareAnswered(row);
                    }
                    compareAnswered(TableRows.joined(answered.subList(0, Math.min(CHUNK, answered.size()))));
                }
            }
            compareRefused(turnedDown);
            first = false;
        }

        private void compareAnswered(Value rows) throws IOException, Unequal {
            NumericValue ours;
            try {
                ours = (NumericValue) Objects.requireNonNull(evaluator.step(number, rows)[step.to()]);
            } catch (Refused impossible) {
                throw new Unequal(step.name() + " refuses rows together that it answers alone");
            }
            Engine.Result result = oracle.step(number, List.of(rows)).getFirst();
            if (!(result instanceof Engine.Result.Answered(var theirs))) {
                throw new Unequal(step.name() + " raises for a row that the evaluator answers");
            }
            boolean fits = theirs.columns().size() == 1
                    && theirs.columns().getFirst() instanceof OutputColumn.Dense dense
                    && (long) dense.perRow() * rows.rows() == ours.cells().length;
            if (!fits) {
                throw new Unequal(step.name() + " makes another number of columns than its form");
            }
            OutputColumn.Dense column = (OutputColumn.Dense) theirs.columns().getFirst();
            if (comparison.firstDifference(ours.cells(), column, rows.rows(), exact) >= 0) {
                throw new Unequal(step.name() + " answers something else than its form");
            }
        }

        private void compareRefused(List<Value> rows) throws IOException, Unequal {
            List<Value> some = rows.subList(0, Math.min(rows.size(), Math.max(0, MOST_REFUSED - refused)));
            if (some.isEmpty()) {
                return;
            }
            refused += some.size();
            probes += some.size();
            for (Engine.Result result : oracle.step(number, some)) {
                if (result instanceof Engine.Result.Answered) {
                    throw new Unequal(step.name() + " answers a row that the evaluator refuses");
                }
            }
        }

        private void mark(@Nullable Value[] values) {
            reached.forEach((value, marks) -> {
                int input = evaluator.form().nodes().get(value - 1).inputs()[0];
                if (values[value] != null && values[input] instanceof NumericValue rows) {
                    TreeNodes nodes = ((Trees) evaluator.operator(value)).nodes();
                    for (int row = 0; row < rows.rows(); row++) {
                        nodes.mark(rows.cells(), row * rows.columns(), marks);
                    }
                }
            });
        }
    }

    // The whole model.

    private void whole(WholeProbes whole) throws IOException, Unequal {
        WholeProbes.Outcome outcome = whole.compare(oracle, comparison, until);
        probes += outcome.probes();
        wanted += outcome.wanted();
        if (!outcome.failure().isEmpty()) {
            throw new Unequal(outcome.failure());
        }
    }
}
