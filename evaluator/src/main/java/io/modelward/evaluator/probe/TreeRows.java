package io.modelward.evaluator.probe;

import io.modelward.evaluator.operator.TreeNodes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes rows for trees: one into each leaf, then rows at each threshold and at its neighbours. A leaf whose path
 * contradicts itself, as trees on rounded numbers have them, gets no row.
 */
final class TreeRows {

    private static final int LOWEST = 0;
    private static final int HIGHEST = 1;

    private static final double[] NONE = {};
    private static final double[] ZEROS = {0, 1e-35f, -1e-35f, Math.nextUp(1e-35f), -Math.nextUp(1e-35f), Double.NaN};

    private final TreeNodes nodes;
    private final int width;
    private final boolean single;
    private final double[] base;
    /** For each column the bounds that the path so far sets: above the first, at most the second. */
    private final double[][] bounds;

    private final boolean[] mustBeMissing;
    private final int[] mustBeCategory;

    /**
     * @param single whether the trees see float32 numbers
     * @param base a row for the columns that a path does not ask for
     */
    TreeRows(TreeNodes nodes, int width, boolean single, double[] base) {
        this.nodes = nodes;
        this.width = width;
        this.single = single;
        this.base = base;
        this.bounds = new double[width][2];
        for (double[] bound : bounds) {
            bound[LOWEST] = Double.NEGATIVE_INFINITY;
            bound[HIGHEST] = Double.POSITIVE_INFINITY;
        }
        this.mustBeMissing = new boolean[width];
        this.mustBeCategory = new int[width];
        Arrays.fill(mustBeCategory, -1);
    }

    /** A place on the way through a tree, with what to put back when the way returns. */
    private record Turn(int node, boolean left, int column, double lowest, double highest, boolean missing, int code) {}

    /** Takes rows. */
    interface Sink {

        /** @param fresh the nodes on the way to the leaf that no row before came by */
        void row(double[] row, List<Integer> fresh);
    }

    /** Hands a row over for each leaf that can be reached. */
    void leaves(Sink rows) {
        for (int root : nodes.roots()) {
            walk(root, rows);
        }
    }

    private void walk(int root, Sink rows) {
        Deque<Turn> path = new ArrayDeque<>();
        List<Integer> fresh = new ArrayList<>();
        int node = root;
        while (true) {
            boolean open = true;
            while (open && !nodes.isLeaf(node)) {
                fresh.add(node);
                open = enter(path, node, true);
                node = nodes.left(node);
            }
            if (open) {
                rows.row(row(), fresh);
                fresh.clear();
            }
            node = -1;
            while (node < 0 && !path.isEmpty()) {
                Turn turn = path.pop();
                restore(turn);
                if (turn.left()) {
                    boolean right = enter(path, turn.node(), false);
                    if (right) {
                        node = nodes.left(turn.node()) + 1;
                    } else {
                        restore(path.pop());
                    }
                }
            }
            if (node < 0) {
                return;
            }
        }
    }

    private void restore(Turn turn) {
        bounds[turn.column()][LOWEST] = turn.lowest();
        bounds[turn.column()][HIGHEST] = turn.highest();
        mustBeMissing[turn.column()] = turn.missing();
        mustBeCategory[turn.column()] = turn.code();
    }

    /** Goes to a side of a node; false when no value goes there. */
    private boolean enter(Deque<Turn> path, int node, boolean left) {
        int column = nodes.feature(node);
        double[] bound = bounds[column];
        path.push(new Turn(
                node, left, column, bound[LOWEST], bound[HIGHEST], mustBeMissing[column], mustBeCategory[column]));
        if (nodes.asksForCategory(node)) {
            return enterCategory(node, column, left);
        }
        if (mustBeMissing[column]) {
            return nodes.missingLeft(node) == left;
        }
        double threshold = nodes.threshold(node);
        if (left) {
            double most = nodes.isStrict() ? below(threshold) : floor(threshold);
            bound[HIGHEST] = Math.min(bound[HIGHEST], most);
        } else {
            double least = nodes.isStrict() ? below(threshold) : threshold;
            bound[LOWEST] = Math.max(bound[LOWEST], least);
        }
        if (between(bound[LOWEST], bound[HIGHEST])) {
            return true;
        }
        // No number is there, but a missing value may be.
        if (nodes.missingLeft(node) == left && path.stream().noneMatch(turn -> isOther(turn, node, column))) {
            mustBeMissing[column] = true;
            return true;
        }
        return false;
    }

    /** Whether an earlier turn at the column would send a missing value to the other side. */
    private boolean isOther(Turn turn, int node, int column) {
        return turn.node() != node && turn.column() == column && nodes.missingLeft(turn.node()) != turn.left();
    }

    private boolean enterCategory(int node, int column, boolean left) {
        if (mustBeMissing[column]) {
            return nodes.missingLeft(node) == left;
        }
        if (mustBeCategory[column] >= 0 && nodes.isInCategory(node, mustBeCategory[column]) == left) {
            return true;
        }
        for (int code = 0; code < nodes.categories(); code++) {
            if (nodes.isInCategory(node, code) == left) {
                mustBeCategory[column] = code;
                return true;
            }
        }
        if (nodes.missingLeft(node) == left) {
            mustBeMissing[column] = true;
            return true;
        }
        return false;
    }

    private boolean between(double lowest, double highest) {
        return lowest < highest && next(lowest) <= highest;
    }

    /** The next number after one that a tree can tell from it. */
    private double next(double value) {
        return single ? Math.nextUp(floorSingle(value)) : Math.nextUp(value);
    }

    private double floor(double value) {
        return single ? floorSingle(value) : value;
    }

    private double below(double value) {
        return single ? Math.nextDown(ceilSingle(value)) : Math.nextDown(value);
    }

    /** The largest float32 that is not above a number. */
    static float floorSingle(double value) {
        float rounded = (float) value;
        return rounded > value ? Math.nextDown(rounded) : rounded;
    }

    /** The smallest float32 that is not below a number. */
    static float ceilSingle(double value) {
        float rounded = (float) value;
        return rounded < value ? Math.nextUp(rounded) : rounded;
    }

    private double[] row() {
        double[] row = Arrays.copyOf(base, width);
        for (int column = 0; column < width; column++) {
            double lowest = bounds[column][LOWEST];
            double highest = bounds[column][HIGHEST];
            if (mustBeMissing[column]) {
                row[column] = Double.NaN;
            } else if (mustBeCategory[column] >= 0) {
                row[column] = mustBeCategory[column];
            } else if (!(row[column] > lowest && row[column] <= highest)) {
                row[column] = highest < Double.POSITIVE_INFINITY ? highest : next(lowest);
            }
        }
        return row;
    }

    /** Hands over rows that have a node's column at its threshold and at the neighbours, in float32 and in float64. */
    void thresholds(Consumer<double[]> rows) {
        leaves((row, fresh) -> {
            for (int node : fresh) {
                for (double value : edges(node)) {
                    double[] changed = row.clone();
                    changed[nodes.feature(node)] = value;
                    rows.accept(changed);
                }
            }
        });
    }

    private double[] edges(int node) {
        if (nodes.asksForCategory(node)) {
            return nodes.takesAnyCategory() ? new double[] {-1, -0.5, 0.5, nodes.categories(), 1e10, Double.NaN} : NONE;
        }
        return nodes.takesZeroAsMissing(node) ? ZEROS : around(nodes.threshold(node));
    }

    /** A number and its neighbours. */
    static double[] around(double value) {
        return new double[] {
            value, Math.nextDown(value), Math.nextUp(value), Math.nextDown((float) value), Math.nextUp((float) value)
        };
    }
}
