package io.modelward.evaluator.operator;

/** Trees for float32: a node takes 8 bytes. A number of such a value is exactly a float32. */
final class SingleTrees extends PackedTrees<int[]> {

    /** Of each node the limit in the upper half, and the place in the lower one. */
    private final long[] nodes;

    SingleTrees(TreeNodes nodes, int width) {
        super(nodes, width);
        this.nodes = new long[nodes.count()];
        for (int node = 0; node < this.nodes.length; node++) {
            int limit = nodes.isLeaf(node) ? Integer.MAX_VALUE : limit(nodes.threshold(node), nodes.isStrict());
            this.nodes[node] = ((long) limit << 32) | place(nodes, node);
        }
    }

    /** -0 has the key of 0. */
    private static int key(double number) {
        int bits = Float.floatToRawIntBits((float) number + 0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** The key of the largest float32 that goes left. */
    private static int limit(double threshold, boolean strict) {
        float near = (float) threshold;
        float below = near > threshold ? Math.nextDown(near) : near;
        return key(below) - (strict && below == threshold ? 1 : 0);
    }

    @Override
    int[] room(int rows) {
        return new int[rows * width];
    }

    @Override
    boolean fill(int[] keys, int row, double[] cells, int from) {
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
    void ofTrees(int[] keys, int row, int tree, int[] found) {
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
                long v0 = nodes[n0];
                n0 += ((int) v0 >>> bits) + (int) (((v0 >> 32) - keys[k + ((int) v0 & mask)]) >>> 63);
                long v1 = nodes[n1];
                n1 += ((int) v1 >>> bits) + (int) (((v1 >> 32) - keys[k + ((int) v1 & mask)]) >>> 63);
                long v2 = nodes[n2];
                n2 += ((int) v2 >>> bits) + (int) (((v2 >> 32) - keys[k + ((int) v2 & mask)]) >>> 63);
                long v3 = nodes[n3];
                n3 += ((int) v3 >>> bits) + (int) (((v3 >> 32) - keys[k + ((int) v3 & mask)]) >>> 63);
                long v4 = nodes[n4];
                n4 += ((int) v4 >>> bits) + (int) (((v4 >> 32) - keys[k + ((int) v4 & mask)]) >>> 63);
                long v5 = nodes[n5];
                n5 += ((int) v5 >>> bits) + (int) (((v5 >> 32) - keys[k + ((int) v5 & mask)]) >>> 63);
                long v6 = nodes[n6];
                n6 += ((int) v6 >>> bits) + (int) (((v6 >> 32) - keys[k + ((int) v6 & mask)]) >>> 63);
                long v7 = nodes[n7];
                n7 += ((int) v7 >>> bits) + (int) (((v7 >> 32) - keys[k + ((int) v7 & mask)]) >>> 63);
            }
            level += STEPS;
            if (level >= deepest
                    || (((int) nodes[n0] >>> bits)
                                    | ((int) nodes[n1] >>> bits)
                                    | ((int) nodes[n2] >>> bits)
                                    | ((int) nodes[n3] >>> bits)
                                    | ((int) nodes[n4] >>> bits)
                                    | ((int) nodes[n5] >>> bits)
                                    | ((int) nodes[n6] >>> bits)
                                    | ((int) nodes[n7] >>> bits))
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
    void ofRows(int[] keys, int row, int tree, int[] found) {
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
                long v0 = nodes[n0];
                n0 += ((int) v0 >>> bits) + (int) (((v0 >> 32) - keys[k0 + ((int) v0 & mask)]) >>> 63);
                long v1 = nodes[n1];
                n1 += ((int) v1 >>> bits) + (int) (((v1 >> 32) - keys[k1 + ((int) v1 & mask)]) >>> 63);
                long v2 = nodes[n2];
                n2 += ((int) v2 >>> bits) + (int) (((v2 >> 32) - keys[k2 + ((int) v2 & mask)]) >>> 63);
                long v3 = nodes[n3];
                n3 += ((int) v3 >>> bits) + (int) (((v3 >> 32) - keys[k3 + ((int) v3 & mask)]) >>> 63);
                long v4 = nodes[n4];
                n4 += ((int) v4 >>> bits) + (int) (((v4 >> 32) - keys[k4 + ((int) v4 & mask)]) >>> 63);
                long v5 = nodes[n5];
                n5 += ((int) v5 >>> bits) + (int) (((v5 >> 32) - keys[k5 + ((int) v5 & mask)]) >>> 63);
                long v6 = nodes[n6];
                n6 += ((int) v6 >>> bits) + (int) (((v6 >> 32) - keys[k6 + ((int) v6 & mask)]) >>> 63);
                long v7 = nodes[n7];
                n7 += ((int) v7 >>> bits) + (int) (((v7 >> 32) - keys[k7 + ((int) v7 & mask)]) >>> 63);
            }
            level += STEPS;
            if (level >= deepest
                    || (((int) nodes[n0] >>> bits)
                                    | ((int) nodes[n1] >>> bits)
                                    | ((int) nodes[n2] >>> bits)
                                    | ((int) nodes[n3] >>> bits)
                                    | ((int) nodes[n4] >>> bits)
                                    | ((int) nodes[n5] >>> bits)
                                    | ((int) nodes[n6] >>> bits)
                                    | ((int) nodes[n7] >>> bits))
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
    int of(int[] keys, int row, int tree) {
        int k = row * width;
        int n = roots[tree];
        int deepest = depths[tree];
        for (int level = 0; level < deepest; level++) {
            long v = nodes[n];
            n += ((int) v >>> bits) + (int) (((v >> 32) - keys[k + ((int) v & mask)]) >>> 63);
        }
        return n;
    }
}
