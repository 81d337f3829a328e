package io.modelward.evaluator.operator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sum of decision trees: forests, boosting and isolation forests. Leaves are added in the order of the trees, so that
 * the sum has the bits that the library's own sum has.
 *
 * <p>One row takes one comparison for each level of each tree. Rows without NaN take them as {@link PackedTrees} has
 * it, all others as {@link TreeNodes} does.
 */
public final class Trees implements Operator {

    private final TreeNodes nodes;
    private final int width;
    private final boolean packs;
    private final int outputs;
    /** Which column a tree of one value adds to; null when leaves have a value for each column. */
    private final int @Nullable [] target;

    private final double @Nullable [] weights;
    private final double @Nullable [] start;
    private final double scale;
    private final double divide;
    private final boolean single;

    /**
     * For each leaf, by its number among the nodes, what it adds; null when leaves do not all add one number to the only
     * sum of a row.
     */
    private final double @Nullable [] leafValues;

    private volatile @Nullable PackedTrees<?> forSingle;
    private volatile @Nullable PackedTrees<?> forDouble;

    private Trees(Node node, TreeNodes nodes, int width) throws BadForm {
        this.nodes = nodes;
        this.width = width;
        packs = PackedTrees.fits(nodes, width);
        int trees = nodes.roots().length;
        outputs = node.whole("outputs", 1, 1 << 16);
        target = node.has("target") ? node.ints("target") : null;
        if (target == null ? nodes.width() != outputs : nodes.width() != 1 || target.length != trees) {
            throw node.bad("has leaves that do not fit its outputs");
        }
        if (target != null) {
            for (int column : target) {
                if (column < 0 || column >= outputs) {
                    throw node.bad("has a tree for an output that there is not");
                }
            }
        }
        weights = node.doublesIfAny("weights", trees).orElse(null);
        start = node.doublesIfAny("start", outputs).orElse(null);
        scale = node.number("scale", 1);
        divide = node.number("divide", 1);
        single = !node.text("sum", "f8").equals("f8");
        if (single) {
            node.word("sum", "f4");
        }
        leafValues = packs && outputs == 1 && weights == null ? leafValues() : null;
        if (node.has("missing")) {
            node.word("missing", "node");
        }
    }

    private double[] leafValues() {
        double[] made = new double[nodes.count()];
        double[] values = nodes.values();
        for (int node = 0; node < made.length; node++) {
            if (nodes.isLeaf(node)) {
                double value = scale * values[nodes.left(node)];
                made[node] = single ? (float) value : value;
            }
        }
        return made;
    }

    /** Makes the operator {@code trees}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length < 1 || inputs.length > 2 || !inputs[0].numbers()) {
            throw node.bad("takes numbers, and at most one start");
        }
        Trees trees = new Trees(node, TreeNodes.of(node, inputs[0].width()), inputs[0].width());
        if (inputs.length == 2 && !inputs[1].equals(trees.shape())) {
            throw node.bad("takes a start that does not fit its outputs");
        }
        return trees;
    }

    /** The nodes, for whoever makes rows that reach each of them. */
    public TreeNodes nodes() {
        return nodes;
    }

    @Override
    public Value apply(Value[] inputs) {
        NumericValue input = (NumericValue) inputs[0];
        double[] sums =
                inputs.length == 2 ? ((NumericValue) inputs[1]).cells().clone() : new double[input.rows() * outputs];
        if (start != null) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += start[i % outputs];
            }
        }
        if (packs) {
            packed(input.single()).walk(input.cells(), input.rows(), new Adder(input, sums));
        } else {
            Adder adder = new Adder(input, sums);
            for (int row = 0; row < input.rows(); row++) {
                adder.withNan(row);
            }
        }
        if (divide != 1) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = single ? (float) (sums[i] / divide) : sums[i] / divide;
            }
        }
        return new NumericValue(sums, input.rows(), outputs, single);
    }

    /** The trees packed for the dtype of the input; made when they are needed first. */
    private PackedTrees<?> packed(boolean ofSingle) {
        PackedTrees<?> found = ofSingle ? forSingle : forDouble;
        if (found != null) {
            return found;
        }
        PackedTrees<?> made = ofSingle ? new SingleTrees(nodes, width) : new DoubleTrees(nodes, width);
        if (ofSingle) {
            forSingle = made;
        } else {
            forDouble = made;
        }
        return made;
    }

    /** Adds the values of leaves to the sums of rows. */
    private final class Adder implements PackedTrees.Taker {

        private final NumericValue input;
        private final double[] sums;
        private final double[] values = nodes.values();

        Adder(NumericValue input, double[] sums) {
            this.input = input;
            this.sums = sums;
        }

        @Override
        public void ofTrees(int row, int tree, int count, int[] leaves) {
            if (leafValues != null && single) {
                float sum = (float) sums[row];
                for (int i = 0; i < count; i++) {
                    sum += (float) leafValues[leaves[i]];
                }
                sums[row] = sum;
                return;
            }
            if (leafValues != null) {
                double sum = sums[row];
                for (int i = 0; i < count; i++) {
                    sum += leafValues[leaves[i]];
                }
                sums[row] = sum;
                return;
            }
            for (int i = 0; i < count; i++) {
                take(row, tree + i, nodes.left(leaves[i]));
            }
        }

        @Override
        public void ofRows(int[] rows, int from, int count, int tree, int[] leaves) {
            if (leafValues != null) {
                for (int i = 0; i < count; i++) {
                    add(rows[from + i], leafValues[leaves[i]]);
                }
                return;
            }
            for (int i = 0; i < count; i++) {
                take(rows[from + i], tree, nodes.left(leaves[i]));
            }
        }

        private void take(int row, int tree, int leaf) {
            double factor = weights == null ? scale : weights[tree];
            int base = row * outputs;
            if (target != null) {
                add(base + target[tree], factor * values[leaf]);
            } else if (single) {
                for (int i = 0; i < outputs; i++) {
                    add(base + i, factor * values[leaf * outputs + i]);
                }
            } else {
                addAll(base, leaf * outputs, factor);
            }
        }

        /** Without a loop where there are few outputs: a loop costs more to enter than it does. */
        private void addAll(int to, int from, double factor) {
            switch (outputs) {
                case 1 -> sums[to] += factor * values[from];
                case 2 -> {
                    sums[to] += factor * values[from];
                    sums[to + 1] += factor * values[from + 1];
                }
                case 3 -> {
                    sums[to] += factor * values[from];
                    sums[to + 1] += factor * values[from + 1];
                    sums[to + 2] += factor * values[from + 2];
                }
                default -> {
                    for (int i = 0; i < outputs; i++) {
                        sums[to + i] += factor * values[from + i];
                    }
                }
            }
        }

        private void add(int at, double value) {
            sums[at] = single ? (float) sums[at] + (float) value : sums[at] + value;
        }

        @Override
        public void withNan(int row) {
            int trees = nodes.roots().length;
            for (int tree = 0; tree < trees; tree++) {
                take(row, tree, nodes.leaf(input.cells(), row * input.columns(), tree));
            }
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(outputs);
    }

    @Override
    public long work() {
        // Trees that are walked beside each other take the steps of the deepest.
        long steps = 0;
        int[] depths = nodes.depths();
        for (int tree = 0; tree < depths.length; tree += PackedTrees.LANES) {
            int most = Math.min(depths.length, tree + PackedTrees.LANES);
            steps += (most - tree)
                    * (long) Arrays.stream(depths, tree, most).max().orElse(0);
        }
        return steps + (long) depths.length * (target == null ? outputs : 1);
    }
}
