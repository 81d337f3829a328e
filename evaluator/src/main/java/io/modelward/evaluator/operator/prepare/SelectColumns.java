package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import java.util.ArrayList;
import java.util.List;

/** Takes some columns of a value, in an order of its own. */
public final class SelectColumns implements Operator {

    private final boolean numbers;
    private final int[] indices;
    private final boolean all;

    private SelectColumns(boolean numbers, int[] indices, boolean all) {
        this.numbers = numbers;
        this.indices = indices;
        this.all = all;
    }

    /** Makes the operator {@code columns}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 1) {
            throw node.bad("takes one value");
        }
        int[] indices = indices(node, inputs[0].width());
        boolean all = indices.length == inputs[0].width();
        for (int i = 0; i < indices.length; i++) {
            all &= indices[i] == i;
        }
        return new SelectColumns(inputs[0].numbers(), indices, all);
    }

    /** The member {@code indices}: places among so many columns. */
    static int[] indices(Node node, int width) throws BadForm {
        int[] indices = node.list("indices");
        for (int index : indices) {
            if (index < 0 || index >= width) {
                throw node.bad("asks for column " + index + " of " + width);
            }
        }
        return indices;
    }

    @Override
    public Value apply(Value[] inputs) {
        if (all) {
            return inputs[0];
        }
        if (!numbers) {
            TableValue table = (TableValue) inputs[0];
            List<TableValue.Column> taken = new ArrayList<>(indices.length);
            for (int index : indices) {
                taken.add(table.cells().get(index));
            }
            return new TableValue(taken, table.rows());
        }
        NumericValue input = (NumericValue) inputs[0];
        double[] cells = input.cells();
        double[] result = new double[input.rows() * indices.length];
        int at = 0;
        for (int row = 0; row < input.rows(); row++) {
            int base = row * input.columns();
            for (int index : indices) {
                result[at++] = cells[base + index];
            }
        }
        return new NumericValue(result, input.rows(), indices.length, input.single());
    }

    @Override
    public Shape shape() {
        return new Shape(numbers, indices.length);
    }

    @Override
    public long work() {
        return indices.length;
    }
}
