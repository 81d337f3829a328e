package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Interpolation;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;

/** Puts each number at its place among the quantiles of its column, as scikit-learn's {@code QuantileTransformer} does. */
public final class Quantiles extends RowOperator implements HasEdges {

    private static final double NEAR = 1e-7;
    private static final double LEAST = NormalQuantile.of(NEAR - Math.ulp(1d));
    private static final double MOST = NormalQuantile.of(1 - (NEAR - Math.ulp(1d)));

    /** For each column its quantiles, ascending; and those negated, in the opposite order. */
    private final double[][] quantiles;

    private final double[][] reversed;
    private final double[] references;
    private final double[] reversedReferences;
    private final boolean normal;

    private Quantiles(double[][] quantiles, double[] references, boolean normal) {
        super(quantiles.length, quantiles.length, 120L * quantiles.length, false);
        this.quantiles = quantiles;
        this.references = references;
        this.normal = normal;
        reversed = new double[quantiles.length][];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = reversed(quantiles[i]);
        }
        reversedReferences = reversed(references);
    }

    private static double[] reversed(double[] items) {
        double[] reversed = new double[items.length];
        for (int i = 0; i < items.length; i++) {
            reversed[i] = -items[items.length - 1 - i];
        }
        return reversed;
    }

    /** Makes the operator {@code quantiles}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] shape = node.shape("quantiles");
        if (shape[0] < 1 || shape[1] != width) {
            throw node.bad("does not have quantiles for each of its " + width + " columns");
        }
        double[] all = node.array("quantiles").doubles();
        double[][] quantiles = new double[width][shape[0]];
        for (int i = 0; i < shape[0]; i++) {
            for (int column = 0; column < width; column++) {
                quantiles[column][i] = all[i * width + column];
            }
        }
        boolean normal = node.word("output", "uniform", "normal").equals("normal");
        return new Quantiles(quantiles, node.doubles("references", shape[0]), normal);
    }

    @Override
    public void edges(Sink sink) {
        for (int column = 0; column < quantiles.length; column++) {
            for (double quantile : quantiles[column]) {
                sink.edge(column, quantile);
            }
        }
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        for (int i = 0; i < inputs(); i++) {
            result[to + i] = cell(cells[from + i], i);
        }
    }

    private double cell(double x, int column) {
        double[] own = quantiles[column];
        double first = own[0];
        double last = own[own.length - 1];
        double place = 0.5
                * (Interpolation.at(x, own, references) - Interpolation.at(-x, reversed[column], reversedReferences));
        if (normal ? x + NEAR > last : x == last) {
            place = 1;
        }
        if (normal ? x - NEAR < first : x == first) {
            place = 0;
        }
        if (!normal || Double.isNaN(place)) {
            return place;
        }
        return Math.min(Math.max(NormalQuantile.of(place), LEAST), MOST);
    }
}
