package io.modelward.evaluator.operator;

/**
 * Trees without categories, packed so that a step from a node to its child takes few instructions and no branch.
 *
 * <p>A number becomes a whole number, its key, and keys have the order of the numbers. The threshold of a node becomes
 * the largest key that goes left. A node holds that, its feature, and how far its left child lies behind it; the right
 * child is the next. A leaf is its own left child, and all keys go left there, so that trees of different depths take
 * the same steps. Eight trees, or eight rows, take their steps beside each other.
 *
 * @param <K> an array of keys
 */
abstract class PackedTrees<K> {

    static final int LANES = 8;
    /** How many steps are taken before a look at whether all lanes are at leaves. */
    static final int STEPS = 4;

    private static final int BLOCK = 256;

    final int[] roots;
    final int[] depths;
    final int width;
    /** How many of the lower bits of a node's place are its feature. */
    final int bits;

    final int mask;
    /** Of a leaf the row of its values. */
    private final int[] leaves;

    PackedTrees(TreeNodes nodes, int width) {
        roots = nodes.roots();
        depths = nodes.depths();
        this.width = width;
        bits = bits(width);
        mask = (1 << bits) - 1;
        leaves = new int[nodes.count()];
        for (int node = 0; node < leaves.length; node++) {
            if (nodes.isLeaf(node)) {
                leaves[node] = nodes.left(node);
            }
        }
    }

    /** Whether trees have no categories, and are not too large together with so many columns. */
    static boolean fits(TreeNodes nodes, int width) {
        int most = 1 << (31 - bits(width));
        for (int node = 0; node < nodes.count(); node++) {
            if (nodes.asksForCategory(node) || (!nodes.isLeaf(node) && nodes.left(node) - node >= most)) {
                return false;
            }
        }
        return true;
    }

    private static int bits(int width) {
        return 32 - Integer.numberOfLeadingZeros(Math.max(width - 1, 1));
    }

    /** How far the left child of a node lies behind, and its feature. */
    final int place(TreeNodes nodes, int node) {
        return nodes.isLeaf(node) ? 0 : ((nodes.left(node) - node) << bits) | nodes.feature(node);
    }

    /** Room for the keys of so many rows. */
    abstract K room(int rows);

    /** Makes the keys of one row; false when it has NaN, which has no place in the order. */
    abstract boolean fill(K keys, int row, double[] cells, int from);

    /** Finds the leaf of one row in each of eight trees. */
    abstract void ofTrees(K keys, int row, int tree, int[] found);

    /** Finds the leaf of each of eight rows in one tree. */
    abstract void ofRows(K keys, int row, int tree, int[] found);

    /** Finds the leaf of one row in one tree. */
    abstract int of(K keys, int row, int tree);

    /** Takes the leaf of a row in a tree. */
    interface Taker {

        /** Takes the leaves of rows in trees: of eight trees and one row, or one tree and eight rows. */
        void take(int row, int tree, int leaf);

        /** Computes a row with NaN. */
        void withNan(int row);
    }

    /** Walks all trees with all rows; each row meets its trees in order. */
    final void walk(double[] cells, int rows, Taker taker) {
        int most = Math.min(rows, BLOCK);
        K keys = room(most);
        int[] found = new int[LANES];
        int[] places = new int[most];
        int row = 0;
        while (row < rows) {
            int filled = 0;
            while (row < rows && filled < BLOCK) {
                if (fill(keys, filled, cells, row * width)) {
                    places[filled++] = row;
                } else {
                    taker.withNan(row);
                }
                row++;
            }
            int together = filled / LANES * LANES;
            for (int tree = 0; tree < roots.length && together > 0; tree++) {
                for (int i = 0; i < together; i += LANES) {
                    ofRows(keys, i, tree, found);
                    for (int lane = 0; lane < LANES; lane++) {
                        taker.take(places[i + lane], tree, leaves[found[lane]]);
                    }
                }
            }
            for (int i = together; i < filled; i++) {
                alone(keys, i, places[i], found, taker);
            }
        }
    }

    private void alone(K keys, int at, int row, int[] found, Taker taker) {
        int tree = 0;
        for (; tree + LANES <= roots.length; tree += LANES) {
            ofTrees(keys, at, tree, found);
            for (int lane = 0; lane < LANES; lane++) {
                taker.take(row, tree + lane, leaves[found[lane]]);
            }
        }
        for (; tree < roots.length; tree++) {
            taker.take(row, tree, leaves[of(keys, at, tree)]);
        }
    }

    final int deepest(int tree) {
        int deepest = 0;
        for (int i = tree; i < tree + LANES; i++) {
            deepest = Math.max(deepest, depths[i]);
        }
        return deepest;
    }
}
