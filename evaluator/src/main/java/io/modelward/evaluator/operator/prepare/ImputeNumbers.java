package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.Refused;
import java.util.BitSet;

/** Replaces missing numbers, or says where they are. */
public final class ImputeNumbers extends RowOperator {

    private final boolean nan;
    private final double value;
    private final double[] fill;
    private final int[] indices;
    private final boolean marks;
    /** The columns in which a missing cell is refused. */
    private final int[] whole;

    private ImputeNumbers(
            int width, boolean nan, double value, double[] fill, int[] indices, boolean marks, int[] whole) {
        super(width, marks ? indices.length : width, (long) indices.length + width, !marks);
        this.whole = whole;
        this.nan = nan;
        this.value = value;
        this.fill = fill;
        this.indices = indices;
        this.marks = marks;
    }

    /** Makes the operator {@code impute}. */
    public static Operator impute(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        double value = value(node);
        return new ImputeNumbers(
                width, Double.isNaN(value), value, node.doubles("fill", width), new int[0], false, new int[0]);
    }

    /** Makes the operator {@code missing}: 1 where a number is missing. */
    public static Operator missing(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        double value = value(node);
        int[] indices = SelectColumns.indices(node, width);
        return new ImputeNumbers(
                width, Double.isNaN(value), value, new double[0], indices, true, whole(node, width, indices));
    }

    /** The columns of which the member {@code others} says that nothing may be missing there. */
    static int[] whole(Node node, int width, int[] indices) throws BadForm {
        if (!node.has("others")) {
            return new int[0];
        }
        node.word("others", "refuse");
        BitSet others = new BitSet();
        others.set(0, width);
        for (int index : indices) {
            others.clear(index);
        }
        return others.stream().toArray();
    }

    /** What scikit-learn raises for a missing cell in such a column. */
    static Refused newlyMissing() {
        return new Refused(
                "ValueError", "Some features have missing values in transform but have no missing values in fit.");
    }

    private static double value(Node node) throws BadForm {
        return node.number("value", Double.NaN);
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) throws Refused {
        double wanted = single ? (float) value : value;
        if (marks) {
            for (int column : whole) {
                if (isMissing(cells[from + column], wanted)) {
                    throw newlyMissing();
                }
            }
            for (int i = 0; i < indices.length; i++) {
                result[to + i] = isMissing(cells[from + indices[i]], wanted) ? 1 : 0;
            }
            return;
        }
        for (int i = 0; i < inputs(); i++) {
            double cell = cells[from + i];
            result[to + i] = isMissing(cell, wanted) ? fill[i] : cell;
        }
    }

    private boolean isMissing(double cell, double wanted) {
        return nan ? Double.isNaN(cell) : cell == wanted;
    }
}
