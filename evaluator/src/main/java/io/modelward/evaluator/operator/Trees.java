package io.modelward.evaluator.operator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.value.Numbers;
import io.modelward.evaluator.value.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sum of decision trees: forests, boosting and isolation forests. Leaves are added in the order of the trees, so that
 * the sum has the bits that the library's own sum has.
 *
 * <p>The nodes lie as {@link TreeNodes} has them. One row takes one comparison for each level of each tree.
 */
public final class Trees implements Operator {

    private final TreeNodes nodes;
    private final int outputs;
    /** Which column a tree of one value adds to; null when leaves have a value for each column. */
    private final int @Nullable [] target;

    private final double @Nullable [] weights;
    private final double @Nullable [] start;
    private final double scale;
    private final double divide;
    private final boolean single;

    private Trees(Node node, TreeNodes nodes) throws BadForm {
        this.nodes = nodes;
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
        if (node.flag("lightgbm_zero")) {
            throw node.bad("takes zeros as LightGBM does, which is not known here");
        }
        if (node.has("missing")) {
            node.word("missing", "node");
        }
    }

    /** Makes the operator {@code trees}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length < 1 || inputs.length > 2 || !inputs[0].numbers()) {
            throw node.bad("takes numbers, and at most one start");
        }
        Trees trees = new Trees(node, TreeNodes.of(node, inputs[0].width()));
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
        Numbers input = (Numbers) inputs[0];
        double[] sums = inputs.length == 2 ? ((Numbers) inputs[1]).cells().clone() : new double[input.rows() * outputs];
        if (start != null) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += start[i % outputs];
            }
        }
        int trees = nodes.roots().length;
        for (int tree = 0; tree < trees; tree++) {
            double factor = weights == null ? scale : weights[tree];
            boolean plain = factor == 1;
            for (int row = 0; row < input.rows(); row++) {
                int leaf = nodes.leaf(input.cells(), row * input.columns(), tree);
                if (target != null) {
                    double value = nodes.value(leaf, 0);
                    add(sums, row * outputs + target[tree], plain ? value : factor * value);
                } else {
                    for (int i = 0; i < outputs; i++) {
                        double value = nodes.value(leaf, i);
                        add(sums, row * outputs + i, plain ? value : factor * value);
                    }
                }
            }
        }
        if (divide != 1) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] = single ? (float) (sums[i] / divide) : sums[i] / divide;
            }
        }
        return new Numbers(sums, input.rows(), outputs, single);
    }

    private void add(double[] sums, int at, double value) {
        sums[at] = single ? (float) sums[at] + (float) value : sums[at] + value;
    }

    @Override
    public Shape shape() {
        return Shape.numbers(outputs);
    }

    @Override
    public long work() {
        return Arrays.stream(nodes.depths()).asLongStream().sum()
                + (long) nodes.roots().length * (target == null ? outputs : 1);
    }
}
