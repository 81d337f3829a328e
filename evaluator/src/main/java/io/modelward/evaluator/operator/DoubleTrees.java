package io.modelward.evaluator.operator;

/** Trees for float64: a node takes 12 bytes. */
final class DoubleTrees extends PackedTrees<long[]> {

    private final long[] limits;
    private final int[] places;

    DoubleTrees(TreeNodes nodes, int width) {
        super(nodes, width);
        limits = new long[nodes.count()];
        places = new int[limits.length];
        for (int node = 0; node < limits.length; node++) {
            limits[node] =
                    nodes.isLeaf(node) ? Long.MAX_VALUE : key(nodes.threshold(node)) - (nodes.isStrict() ? 1 : 0);
            places[node] = place(nodes, node);
        }
    }

    /** -0 has the key of 0. */
    private static long key(double number) {
        long bits = Double.doubleToRawLongBits(number + 0.0);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    /** 1 when a is less than b, else 0. */
    private static int less(long a, long b) {
        return (int) (((a & ~b) | (~(a ^ b) & (a - b))) >>> 63);
    }

    @Override
    long[] room(int rows) {
        return new long[rows * width];
    }

    @Override
    boolean fill(long[] keys, int row, double[] cells, int from) {
        int to = row * width;
        for (int i = 0; i < width; i++) {
            double cell = cells[from + i];
            if (Double.isNaN(cell)) {
                return false;
            }
            keys[to + i] = key(cell);
        }
        return true;
    }

    @Override
    void ofTrees(long[] keys, int row, int tree, int[] found) {
        int k = row * width;
        int deepest = deepest(tree);
        int n0 = roots[tree];
        int n1 = roots[tree + 1];
        int n2 = roots[tree + 2];
        int n3 = roots[tree + 3];
        int n4 = roots[tree + 4];
        int n5 = roots[tree + 5];
        int n6 = roots[tree + 6];
        int n7 = roots[tree + 7];
        int level = 0;
        while (true) {
            for (int i = 0; i < STEPS; i++) {
                int p0 = places[n0];
                n0 += (p0 >>> bits) + less(limits[n0], keys[k + (p0 & mask)]);
                int p1 = places[n1];
                n1 += (p1 >>> bits) + less(limits[n1], keys[k + (p1 & mask)]);
                int p2 = places[n2];
                n2 += (p2 >>> bits) + less(limits[n2], keys[k + (p2 & mask)]);
                int p3 = places[n3];
                n3 += (p3 >>> bits) + less(limits[n3], keys[k + (p3 & mask)]);
                int p4 = places[n4];
                n4 += (p4 >>> bits) + less(limits[n4], keys[k + (p4 & mask)]);
                int p5 = places[n5];
                n5 += (p5 >>> bits) + less(limits[n5], keys[k + (p5 & mask)]);
                int p6 = places[n6];
                n6 += (p6 >>> bits) + less(limits[n6], keys[k + (p6 & mask)]);
                int p7 = places[n7];
                n7 += (p7 >>> bits) + less(limits[n7], keys[k + (p7 & mask)]);
            }
            level += STEPS;
            if (level >= deepest
                    || ((places[n0] >>> bits)
                                    | (places[n1] >>> bits)
                                    | (places[n2] >>> bits)
                                    | (places[n3] >>> bits)
                                    | (places[n4] >>> bits)
                                    | (places[n5] >>> bits)
                                    | (places[n6] >>> bits)
                                    | (places[n7] >>> bits))
                            == 0) {
                break;
            }
        }
        found[0] = n0;
        found[1] = n1;
        found[2] = n2;
        found[3] = n3;
        found[4] = n4;
        found[5] = n5;
        found[6] = n6;
        found[7] = n7;
    }

    @Override
    void ofRows(long[] keys, int row, int tree, int[] found) {
        int deepest = depths[tree];
        int n0 = roots[tree];
        int n1 = roots[tree];
        int n2 = roots[tree];
        int n3 = roots[tree];
        int n4 = roots[tree];
        int n5 = roots[tree];
        int n6 = roots[tree];
        int n7 = roots[tree];
        int k0 = row * width;
        int k1 = (row + 1) * width;
        int k2 = (row + 2) * width;
        int k3 = (row + 3) * width;
        int k4 = (row + 4) * width;
        int k5 = (row + 5) * width;
        int k6 = (row + 6) * width;
        int k7 = (row + 7) * width;
        int level = 0;
        while (true) {
            for (int i = 0; i < STEPS; i++) {
                int p0 = places[n0];
                n0 += (p0 >>> bits) + less(limits[n0], keys[k0 + (p0 & mask)]);
                int p1 = places[n1];
                n1 += (p1 >>> bits) + less(limits[n1], keys[k1 + (p1 & mask)]);
                int p2 = places[n2];
                n2 += (p2 >>> bits) + less(limits[n2], keys[k2 + (p2 & mask)]);
                int p3 = places[n3];
                n3 += (p3 >>> bits) + less(limits[n3], keys[k3 + (p3 & mask)]);
                int p4 = places[n4];
                n4 += (p4 >>> bits) + less(limits[n4], keys[k4 + (p4 & mask)]);
                int p5 = places[n5];
                n5 += (p5 >>> bits) + less(limits[n5], keys[k5 + (p5 & mask)]);
                int p6 = places[n6];
                n6 += (p6 >>> bits) + less(limits[n6], keys[k6 + (p6 & mask)]);
                int p7 = places[n7];
                n7 += (p7 >>> bits) + less(limits[n7], keys[k7 + (p7 & mask)]);
            }
            level += STEPS;
            if (level >= deepest
                    || ((places[n0] >>> bits)
                                    | (places[n1] >>> bits)
                                    | (places[n2] >>> bits)
                                    | (places[n3] >>> bits)
                                    | (places[n4] >>> bits)
                                    | (places[n5] >>> bits)
                                    | (places[n6] >>> bits)
                                    | (places[n7] >>> bits))
                            == 0) {
                break;
            }
        }
        found[0] = n0;
        found[1] = n1;
        found[2] = n2;
        found[3] = n3;
        found[4] = n4;
        found[5] = n5;
        found[6] = n6;
        found[7] = n7;
    }

    @Override
    int of(long[] keys, int row, int tree) {
        int k = row * width;
        int n = roots[tree];
        int deepest = depths[tree];
        for (int level = 0; level < deepest; level++) {
            int p = places[n];
            n += (p >>> bits) + less(limits[n], keys[k + (p & mask)]);
        }
        return n;
    }
}
