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
    /** For each eight trees the depth of the deepest. */
    private final int[] deepest;

    PackedTrees(TreeNodes nodes, int width) {
        roots = nodes.roots();
        depths = nodes.depths();
        this.width = width;
        bits = bits(width);
        mask = (1 << bits) - 1;
        deepest = new int[roots.length / LANES];
        for (int tree = 0; tree < deepest.length * LANES; tree++) {
            deepest[tree / LANES] = Math.max(deepest[tree / LANES], depths[tree]);
        }
    }

    /** Whether trees have no categories, take no zeros as missing, and are not too large together with so many columns; there is at least one. */
    static boolean fits(TreeNodes nodes, int width) {
        if (width < 1) {
            return false;
        }
        int most = 1 << (31 - bits(width));
        for (int node = 0; node < nodes.count(); node++) {
            if (nodes.asksForCategory(node)
                    || nodes.takesZeroAsMissing(node)
                    || (!nodes.isLeaf(node) && nodes.left(node) - node >= most)) {
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

    /** Takes the leaves that rows reach, by their numbers among the nodes. */
    interface Taker {

        /** Takes the leaves of one row in trees that follow each other. */
        void ofTrees(int row, int tree, int count, int[] leaves);

        /** Takes the leaves of rows in one tree: {@code leaves[i]} is that of row {@code rows[from + i]}. */
        void ofRows(int[] rows, int from, int count, int tree, int[] leaves);

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
                    taker.ofRows(places, i, LANES, tree, found);
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
            taker.ofTrees(row, tree, LANES, found);
        }
        for (; tree < roots.length; tree++) {
            found[0] = of(keys, at, tree);
            taker.ofTrees(row, tree, 1, found);
        }
    }

    /** The depth of the deepest of eight trees. */
    final int deepest(int tree) {
        return deepest[tree / LANES];
    }
}
