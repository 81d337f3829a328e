package io.modelward.evaluator.probe;

import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.TreeNodes;
import io.modelward.evaluator.operator.Trees;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Rows that prove an evaluation. Those of trees come first: one into each leaf, then each threshold with its
 * neighbours; then values at the edges of other operators, then values that models refuse or take for missing.
 */
public final class Probes {

    private static final int BASES = 160;
    private static final int MOST_EDGES = 48;
    private static final int MOST_COLUMNS = 200;
    private static final long SEED = 20_260_101;
    private static final double[] ORDINARY = {0, -0.0, 1, -1, 0.5, 2, 3, 10, -7.25, 1e-3, 100, 12_345.678};
    private static final double[] EXTREME = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        3.5e38,
        -3.5e38,
        1e300,
        Float.MIN_VALUE,
        Double.MIN_VALUE,
        9_007_199_254_740_994.0,
        1e16
    };
    private static final String UNKNOWN = "\u00e9 unknown";

    private final Evaluator evaluator;
    private final int from;
    private final int[] made;
    private final long most;
    private final Sink sink;
    private final Origins origins;
    private final List<List<Object>> edges = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long wanted;

    /** Takes rows, one at a time. */
    public interface Sink {

        /** A row of a value that is numbers. */
        void numbers(double[] row);

        /** A row of a table: a String, a Double (also NaN), a Boolean or null for each cell. */
        void mixed(@Nullable Object[] row);
    }

    private Probes(Evaluator evaluator, int from, int[] made, long most, Sink sink) {
        this.evaluator = evaluator;
        this.from = from;
        this.made = made;
        this.most = most;
        this.sink = sink;
        this.origins = Origins.of(evaluator, from, made);
        for (int column = 0; column < evaluator.shape(from).width(); column++) {
            edges.add(new ArrayList<>());
        }
    }

    /**
     * Makes rows.
     *
     * @param from the value whose rows are made
     * @param made the values that follow from it, in order
     * @param most rows; those of trees come first
     * @return how many rows a complete proof takes: more than were handed over when the bound cut them
     */
    public static long each(Evaluator evaluator, int from, int[] made, long most, Sink sink) {
        Probes probes = new Probes(evaluator, from, made, most, sink);
        probes.findEdges();
        if (evaluator.shape(from).numbers()) {
            probes.forNumbers();
        } else {
            probes.forTable();
        }
        return probes.wanted;
    }

    private void findEdges() {
        for (int value : made) {
            int input = evaluator.form().nodes().get(value - 1).inputs()[0];
            Operator operator = evaluator.operator(value);
            if (operator instanceof HasEdges has) {
                has.edges((column, cell) -> edge(input, column, cell));
            } else if (operator instanceof Trees trees) {
                TreeNodes nodes = trees.nodes();
                for (int node = 0; node < nodes.count(); node++) {
                    if (!nodes.isLeaf(node) && !nodes.asksForCategory(node)) {
                        edge(input, nodes.feature(node), nodes.threshold(node));
                    }
                }
            }
        }
        for (List<Object> some : edges) {
            Collections.shuffle(some, new Random(SEED));
        }
    }

    private void edge(int input, int column, Object cell) {
        int origin = origins.column(input, column);
        if (origin >= 0 && edges.get(origin).size() < 20_000) {
            edges.get(origin).add(cell);
        }
    }

    // Numbers.

    private void forNumbers() {
        int width = evaluator.shape(from).width();
        List<double[]> bases = new ArrayList<>();
        for (int i = 0; i < BASES; i++) {
            bases.add(base(width));
        }
        trees(bases);
        bases.forEach(this::add);
        for (int column = 0; column < Math.min(width, MOST_COLUMNS); column++) {
            int next = column;
            for (Object edge : first(edges.get(column))) {
                if (edge instanceof Double value) {
                    for (double near : TreeRows.around(value)) {
                        add(with(bases.get(next++ % BASES), column, near));
                    }
                }
            }
            for (double value : EXTREME) {
                add(with(bases.get(next++ % BASES), column, value));
            }
        }
        double[] missing = new double[width];
        Arrays.fill(missing, Double.NaN);
        add(missing);
    }

    private void trees(List<double[]> bases) {
        List<Runnable> later = new ArrayList<>();
        double[] base = bases.getFirst();
        eachTrees(base, (rows, columns) -> {
            rows.leaves((row, _) -> add(put(base, columns, row)));
            later.add(() -> rows.thresholds(row -> add(put(base, columns, row))));
        });
        later.forEach(Runnable::run);
    }

    /** Takes the rows for trees whose columns are those of the value, and which columns these are. */
    private interface TreesTaker {
        void take(TreeRows rows, int[] columns);
    }

    private void eachTrees(double[] base, TreesTaker taker) {
        for (int value : made) {
            if (evaluator.operator(value) instanceof Trees trees) {
                int input = evaluator.form().nodes().get(value - 1).inputs()[0];
                int[] columns = new int[evaluator.shape(input).width()];
                boolean all = true;
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = origins.column(input, i);
                    all &= columns[i] >= 0;
                }
                if (all) {
                    double[] seen = pick(base, columns);
                    taker.take(new TreeRows(trees.nodes(), columns.length, evaluator.isSingle(input), seen), columns);
                }
            }
        }
    }

    private static double[] pick(double[] row, int[] columns) {
        double[] picked = new double[columns.length];
        for (int i = 0; i < columns.length; i++) {
            picked[i] = row[columns[i]];
        }
        return picked;
    }

    private static double[] put(double[] row, int[] columns, double[] picked) {
        double[] changed = row.clone();
        for (int i = 0; i < columns.length; i++) {
            changed[columns[i]] = picked[i];
        }
        return changed;
    }

    private double[] base(int width) {
        double[] row = new double[width];
        for (int column = 0; column < width; column++) {
            row[column] = number(edges.get(column));
        }
        return row;
    }

    private double number(List<Object> known) {
        int choice = random.nextInt(4);
        if (choice > 0 && !known.isEmpty() && known.get(random.nextInt(known.size())) instanceof Double edge) {
            return choice == 1 ? edge : edge * (1 + 0.1 * gaussian()) + 0.01 * gaussian();
        }
        return choice == 0 ? ORDINARY[random.nextInt(ORDINARY.length)] : gaussian();
    }

    private double gaussian() {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum;
    }

    private static double[] with(double[] row, int column, double value) {
        double[] changed = row.clone();
        changed[column] = value;
        return changed;
    }

    private static <T> List<T> first(List<T> some) {
        return some.subList(0, Math.min(MOST_EDGES, some.size()));
    }

    private void add(double[] row) {
        wanted++;
        if (wanted <= most) {
            sink.numbers(row);
        }
    }

    // Tables.

    private void forTable() {
        int width = evaluator.shape(from).width();
        List<@Nullable Object[]> bases = new ArrayList<>();
        for (int i = 0; i < BASES; i++) {
            @Nullable Object[] row = new Object[width];
            for (int column = 0; column < width; column++) {
                row[column] = cell(edges.get(column));
            }
            bases.add(row);
        }
        leavesOfTables(bases.getFirst());
        bases.forEach(this::addMixed);
        for (int column = 0; column < Math.min(width, MOST_COLUMNS); column++) {
            int next = column;
            List<@Nullable Object> cells = new ArrayList<>(first(edges.get(column)));
            if (holdsTexts(edges.get(column))) {
                cells.add(UNKNOWN);
                cells.add("");
                cells.add(Double.NaN);
            } else {
                for (double value : EXTREME) {
                    cells.add(value);
                }
            }
            cells.add(null);
            for (@Nullable Object cell : cells) {
                @Nullable Object[] row = bases.get(next++ % BASES).clone();
                row[column] = cell;
                addMixed(row);
            }
        }
    }

    /** Rows into the leaves of trees that take columns of the table as they are. */
    private void leavesOfTables(@Nullable Object[] base) {
        double[] numbers = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            numbers[i] = base[i] instanceof Double number ? number : 0;
        }
        eachTrees(
                numbers,
                (rows, columns) -> rows.leaves((row, _) -> {
                    @Nullable Object[] changed = base.clone();
                    for (int i = 0; i < columns.length; i++) {
                        changed[columns[i]] = row[i];
                    }
                    addMixed(changed);
                }));
    }

    private Object cell(List<Object> known) {
        return known.isEmpty() || !(holdsTexts(known) || known.getFirst() instanceof Boolean)
                ? (Object) number(known)
                : known.get(random.nextInt(known.size()));
    }

    private static boolean holdsTexts(List<Object> known) {
        return known.stream().anyMatch(String.class::isInstance);
    }

    private void addMixed(@Nullable Object[] row) {
        wanted++;
        if (wanted <= most) {
            sink.mixed(row);
        }
    }
}
