package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** The distance of each row to each of some points. */
public final class Distances extends RowOperator {

    private final double[] centres;
    /** For each centre the sum of its squares. */
    private final double[] squares;

    private final String metric;

    private Distances(int width, double[] centres, double[] squares, String metric) {
        super(width, squares.length, 3L * centres.length + width + 2L * squares.length, false);
        this.centres = centres;
        this.squares = squares;
        this.metric = metric;
    }

    /** Makes the operator {@code distances}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] shape = node.shape("centres");
        if (shape[1] != width) {
            throw node.bad("has centres with " + shape[1] + " columns, and takes " + width);
        }
        double[] centres = node.array("centres").doubles();
        double[] squares = new double[shape[0]];
        for (int i = 0; i < squares.length; i++) {
            for (int j = 0; j < width; j++) {
                squares[i] += centres[i * width + j] * centres[i * width + j];
            }
        }
        return new Distances(width, centres, squares, node.word("metric", "euclidean", "squared", "manhattan", "rank"));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        if (metric.equals("manhattan")) {
            int at = 0;
            for (int i = 0; i < outputs(); i++) {
                double sum = 0;
                for (int j = 0; j < inputs(); j++) {
                    sum += Math.abs(cells[from + j] - centres[at++]);
                }
                result[to + i] = sum;
            }
            return;
        }
        boolean rank = metric.equals("rank");
        boolean root = metric.equals("euclidean");
        double square = 0;
        for (int j = 0; j < inputs(); j++) {
            square += cells[from + j] * cells[from + j];
        }
        int at = 0;
        for (int i = 0; i < outputs(); i++) {
            double product = 0;
            for (int j = 0; j < inputs(); j++) {
                product += cells[from + j] * centres[at++];
            }
            if (rank) {
                result[to + i] = squares[i] - 2 * product;
                continue;
            }
            // In scikit-learn's order, so that what is lost near a centre is lost here too.
            double distance = Math.max(square - 2 * product + squares[i], 0);
            result[to + i] = root ? Math.sqrt(distance) : distance;
        }
    }
}
