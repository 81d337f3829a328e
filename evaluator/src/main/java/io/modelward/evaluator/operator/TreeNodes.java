package io.modelward.evaluator.operator;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.FormArray;
import io.modelward.evaluator.form.Node;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of trees, in arrays. The two children of a node lie beside each other, so that a node names one of them
 * only. A leaf has the feature -1, and the number of its values in the place of a child.
 */
public final class TreeNodes {

    private static final int LEAF = -1;
    /** LightGBM's largest number that it takes as 0: a float32. */
    private static final double ZERO = 1e-35f;

    private final int[] roots;
    private final int[] depths;
    private final int[] feature;
    /** Of a node its left child, the right one is the next; of a leaf the row of its values. */
    private final int[] left;

    private final double[] threshold;
    private final boolean[] missingLeft;
    /** The row of {@link #bitsets}, or -1; null when no node asks for categories. */
    private final int @Nullable [] category;

    /** Of nodes for which 0 is missing; null when there are none. */
    private final boolean @Nullable [] zeroMissing;

    private final Negative negative;
    private final int[] bitsets;
    private final int words;
    private final double[] values;
    private final int width;
    private final boolean strict;

    /** Where a value below 0 goes that a node asks for a category. */
    private enum Negative {
        /** Where a missing value goes. */
        MISSING,
        RIGHT,
        /** Right when its whole part is below 0; else the whole part, which is 0, decides. */
        TRUNCATE
    }

    private TreeNodes(Node node, int inputs) throws BadForm {
        int[] oldRoots = node.ints("roots");
        int[] oldFeature = node.ints("feature");
        int count = oldFeature.length;
        int[] oldLeft = ints(node, "left", count);
        int[] oldRight = ints(node, "right", count);
        double[] oldThreshold = node.doubles("threshold", count);
        int[] oldMissing = node.has("missing_left") ? ints(node, "missing_left", count) : new int[count];
        FormArray value = node.array("value");
        int[] shape = value.shape();
        if (shape.length != 2 || shape[0] != count || shape[1] < 1) {
            throw node.bad("does not have the values of its leaves");
        }
        width = shape[1];
        int[] oldCategory = node.has("category") ? ints(node, "category", count) : null;
        bitsets = oldCategory == null ? new int[0] : node.ints("bitsets");
        words = oldCategory == null ? 0 : node.shape("bitsets")[1];
        strict = node.word("compare", "le", "lt").equals("lt");
        negative = node.has("negative")
                ? Negative.valueOf(
                        node.word("negative", "missing", "right", "truncate").toUpperCase(Locale.ROOT))
                : Negative.MISSING;
        int[] oldZeroMissing = node.has("zero_missing") ? ints(node, "zero_missing", count) : null;
        zeroMissing = oldZeroMissing == null ? null : new boolean[count];
        roots = new int[oldRoots.length];
        depths = new int[oldRoots.length];
        feature = new int[count];
        left = new int[count];
        threshold = new double[count];
        missingLeft = new boolean[count];
        category = oldCategory == null ? null : new int[count];
        double[] all = value.doubles();
        values = new double[all.length];
        new Arrangement(
                        node,
                        inputs,
                        oldFeature,
                        oldLeft,
                        oldRight,
                        oldThreshold,
                        oldMissing,
                        oldZeroMissing,
                        oldCategory,
                        all)
                .arrange(oldRoots);
    }

    static TreeNodes of(Node node, int inputs) throws BadForm {
        return new TreeNodes(node, inputs);
    }

    private static int[] ints(Node node, String name, int count) throws BadForm {
        int[] items = node.ints(name);
        if (items.length != count) {
            throw node.bad("has " + items.length + " numbers in " + name + " where " + count + " are needed");
        }
        return items;
    }

    /** Checks the nodes of a form, and gives them their places. */
    private final class Arrangement {

        private final Node node;
        private final int inputs;
        private final int[] oldFeature;
        private final int[] oldLeft;
        private final int[] oldRight;
        private final double[] oldThreshold;
        private final int[] oldMissing;
        private final int @Nullable [] oldZeroMissing;
        private final int @Nullable [] oldCategory;
        private final double[] oldValues;
        /** For each place the old number of its node. */
        private final int[] oldNumber;

        private int places;
        private int leaves;

        Arrangement(
                Node node,
                int inputs,
                int[] oldFeature,
                int[] oldLeft,
                int[] oldRight,
                double[] oldThreshold,
                int[] oldMissing,
                int @Nullable [] oldZeroMissing,
                int @Nullable [] oldCategory,
                double[] oldValues) {
            this.node = node;
            this.inputs = inputs;
            this.oldFeature = oldFeature;
            this.oldLeft = oldLeft;
            this.oldRight = oldRight;
            this.oldThreshold = oldThreshold;
            this.oldMissing = oldMissing;
            this.oldZeroMissing = oldZeroMissing;
            this.oldCategory = oldCategory;
            this.oldValues = oldValues;
            this.oldNumber = new int[oldFeature.length];
        }

        /** Each node belongs to one tree and has one parent before it, so there are no cycles and the work is bounded. */
        void arrange(int[] oldRoots) throws BadForm {
            boolean[] seen = new boolean[oldFeature.length];
            for (int tree = 0; tree < oldRoots.length; tree++) {
                int first = places;
                roots[tree] = take(oldRoots[tree], seen);
                int levelEnd = places;
                int levels = 0;
                for (int place = first; place < places; place++) {
                    if (place == levelEnd) {
                        levels++;
                        levelEnd = places;
                    }
                    fill(place, seen);
                }
                depths[tree] = levels;
            }
        }

        private int take(int old, boolean[] seen) throws BadForm {
            if (old < 0 || old >= seen.length || seen[old]) {
                throw node.bad("has a node that is not there, or that two nodes lead to");
            }
            seen[old] = true;
            oldNumber[places] = old;
            return places++;
        }

        private void fill(int place, boolean[] seen) throws BadForm {
            int old = oldNumber[place];
            if (oldFeature[old] == LEAF) {
                feature[place] = LEAF;
                left[place] = leaves;
                System.arraycopy(oldValues, old * width, values, leaves * width, width);
                leaves++;
                return;
            }
            if (oldFeature[old] < 0 || oldFeature[old] >= inputs) {
                throw node.bad("asks for a column that the input does not have");
            }
            if (oldLeft[old] <= old || oldRight[old] <= old) {
                throw node.bad("has a child that comes before its parent");
            }
            feature[place] = oldFeature[old];
            threshold[place] = oldThreshold[old];
            missingLeft[place] = oldMissing[old] != 0;
            if (zeroMissing != null && oldZeroMissing != null) {
                zeroMissing[place] = oldZeroMissing[old] != 0;
            }
            boolean byCategory = oldCategory != null && oldCategory[old] >= 0;
            if (category != null && oldCategory != null) {
                category[place] = oldCategory[old];
                if (byCategory && (words < 1 || (oldCategory[old] + 1L) * words > bitsets.length)) {
                    throw node.bad("asks for categories that are not there");
                }
            }
            if (!byCategory && Double.isNaN(oldThreshold[old])) {
                throw node.bad("has a threshold that is not a number");
            }
            left[place] = take(oldLeft[old], seen);
            take(oldRight[old], seen);
        }
    }

    /** The first node of each tree. */
    public int[] roots() {
        return roots;
    }

    /** The levels of each tree below its root. */
    int[] depths() {
        return depths;
    }

    public int count() {
        return feature.length;
    }

    public boolean isLeaf(int node) {
        return feature[node] == LEAF;
    }

    public int feature(int node) {
        return feature[node];
    }

    public double threshold(int node) {
        return threshold[node];
    }

    /** Whether a node asks for a category, not for a side of its threshold. */
    public boolean asksForCategory(int node) {
        return category != null && category[node] >= 0;
    }

    /** Whether a node that asks for a category takes numbers that are no category, and not only those of an encoder. */
    public boolean takesAnyCategory() {
        return negative != Negative.MISSING;
    }

    /** Whether 0 goes where a missing value goes. */
    public boolean takesZeroAsMissing(int node) {
        return zeroMissing != null && zeroMissing[node];
    }

    /** Whether a category goes left. */
    public boolean isInCategory(int node, int code) {
        return category != null && inBitset(category[node], code);
    }

    public int categories() {
        return words * 32;
    }

    /** Whether the left side of a node has the values below its threshold only, and not the threshold itself. */
    public boolean isStrict() {
        return strict;
    }

    public boolean missingLeft(int node) {
        return missingLeft[node];
    }

    /** The left child; the right one is the next. */
    public int left(int node) {
        return left[node];
    }

    /** How many numbers a leaf holds. */
    int width() {
        return width;
    }

    /** The numbers of the leaves, in rows of {@link #width}. */
    double[] values() {
        return values;
    }

    /**
     * The row of the values of the leaf that a row of numbers reaches.
     *
     * @param base of the row within the cells
     */
    int leaf(double[] cells, int base, int tree) {
        int node = roots[tree];
        int column = feature[node];
        while (column >= 0) {
            node = left[node] + (goesLeft(node, cells[base + column]) ? 0 : 1);
            column = feature[node];
        }
        return left[node];
    }

    /** Marks each node that a row of numbers passes. */
    public void mark(double[] cells, int base, boolean[] reached) {
        for (int root : roots) {
            int node = root;
            reached[node] = true;
            while (feature[node] >= 0) {
                node = left[node] + (goesLeft(node, cells[base + feature[node]]) ? 0 : 1);
                reached[node] = true;
            }
        }
    }

    private boolean goesLeft(int node, double value) {
        if (category != null && category[node] >= 0) {
            return byCategory(node, value);
        }
        if (Double.isNaN(value) || (takesZeroAsMissing(node) && Math.abs(value) <= ZERO)) {
            return missingLeft[node];
        }
        return strict ? value < threshold[node] : value <= threshold[node];
    }

    private boolean byCategory(int node, double value) {
        if (category == null || Double.isNaN(value)) {
            return missingLeft[node];
        }
        if (value < 0 && !(negative == Negative.TRUNCATE && value > -1)) {
            return negative == Negative.MISSING && missingLeft[node];
        }
        return value < words * 32L && inBitset(category[node], (int) value);
    }

    private boolean inBitset(int row, int code) {
        return (bitsets[row * words + (code >> 5)] >>> (code & 31) & 1) != 0;
    }
}
