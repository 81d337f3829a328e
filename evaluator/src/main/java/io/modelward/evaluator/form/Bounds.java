package io.modelward.evaluator.form;

/**
 * What a form may have at most: it comes from a process that runs a stranger's code.
 *
 * @param nodes in the graph
 * @param width columns of one value
 * @param cells of all values of one row together, which take 8 bytes each
 * @param work elementary operations for one row
 */
public record Bounds(int nodes, int width, long cells, long work) {

    public static final Bounds USUAL = new Bounds(20_000, 200_000, 2_000_000, 50_000_000);
}
