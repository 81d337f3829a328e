package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Puts each number into a bin of its column. */
public final class Discretize extends RowOperator implements HasEdges {

    /** For each column the edges between its bins, ascending. */
    private final double[][] edges;
    /** For each column where its bins begin in the result; null when the result is the number of the bin. */
    private final int @Nullable [] starts;

    private Discretize(double[][] edges, int @Nullable [] starts, int outputs) {
        super(edges.length, outputs, 40L * edges.length, true);
        this.edges = edges;
        this.starts = starts;
    }

    /** Makes the operator {@code discretize}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        JsonNode list = node.members().path("edges");
        if (list.size() != width) {
            throw node.bad("does not have edges for each of its " + width + " columns");
        }
        double[][] edges = new double[width][];
        for (int i = 0; i < width; i++) {
            edges[i] = node.array(list.get(i), "edges").doubles();
            for (int j = 0; j < edges[i].length; j++) {
                if (Double.isNaN(edges[i][j]) || (j > 0 && edges[i][j] < edges[i][j - 1])) {
                    throw node.bad("has edges that do not ascend");
                }
            }
        }
        if (node.word("encode", "ordinal", "onehot").equals("ordinal")) {
            return new Discretize(edges, null, width);
        }
        int[] counts = node.list("counts");
        int[] starts = new int[width];
        long outputs = 0;
        for (int i = 0; i < width; i++) {
            if (counts.length != width || counts[i] <= edges[i].length || outputs + counts[i] > Integer.MAX_VALUE) {
                throw node.bad("has a number of bins that does not fit the edges");
            }
            starts[i] = (int) outputs;
            outputs += counts[i];
        }
        return new Discretize(edges, starts, (int) outputs);
    }

    @Override
    public void edges(Sink sink) {
        for (int column = 0; column < edges.length; column++) {
            for (double edge : edges[column]) {
                sink.edge(column, edge);
            }
        }
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        for (int i = 0; i < edges.length; i++) {
            int bin = bin(edges[i], cells[from + i]);
            if (starts == null) {
                result[to + i] = bin;
            } else {
                result[to + starts[i] + bin] = 1;
            }
        }
    }

    /** How many edges are not greater; NaN is beyond all. */
    private static int bin(double[] edges, double value) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
