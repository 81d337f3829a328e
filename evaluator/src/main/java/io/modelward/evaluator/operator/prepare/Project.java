package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.RowOperator;
import io.modelward.evaluator.operator.Shape;
import org.jspecify.annotations.Nullable;

/** A linear projection: {@code ((x - before) · matrix + after) / divide}. */
public final class Project extends RowOperator {

    private final double[] matrix;
    private final double @Nullable [] before;
    private final double @Nullable [] after;
    private final double @Nullable [] divide;

    private Project(
            int width,
            int outputs,
            double[] matrix,
            double @Nullable [] before,
            double @Nullable [] after,
            double @Nullable [] divide) {
        super(width, outputs, matrix.length + 2L * outputs + width, false);
        this.matrix = matrix;
        this.before = before;
        this.after = after;
        this.divide = divide;
    }

    /** Makes the operator {@code project}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] shape = node.shape("matrix");
        if (shape[0] != width) {
            throw node.bad("has a matrix for " + shape[0] + " columns, and takes " + width);
        }
        return new Project(
                width,
                shape[1],
                node.array("matrix").doubles(),
                node.doublesIfAny("before", width).orElse(null),
                node.doublesIfAny("after", shape[1]).orElse(null),
                node.doublesIfAny("divide", shape[1]).orElse(null));
    }

    @Override
    protected void row(double[] cells, int from, double[] result, int to, boolean single) {
        int outputs = outputs();
        int at = 0;
        for (int j = 0; j < inputs(); j++) {
            double cell = before == null ? cells[from + j] : cells[from + j] - before[j];
            for (int i = 0; i < outputs; i++) {
                result[to + i] += cell * matrix[at++];
            }
        }
        for (int i = 0; i < outputs; i++) {
            double sum = after == null ? result[to + i] : result[to + i] + after[i];
            result[to + i] = divide == null ? sum : sum / divide[i];
        }
    }
}
