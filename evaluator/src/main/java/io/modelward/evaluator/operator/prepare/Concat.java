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

/** The columns of several values beside each other. */
public final class Concat implements Operator {

    private final boolean numbers;
    private final int width;

    private Concat(boolean numbers, int width) {
        this.numbers = numbers;
        this.width = width;
    }

    /** Makes the operator {@code concat}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        boolean numbers = true;
        long width = 0;
        for (Shape input : inputs) {
            numbers &= input.numbers();
            width += input.width();
        }
        if (width > Integer.MAX_VALUE) {
            throw node.bad("has too many columns");
        }
        return new Concat(numbers, (int) width);
    }

    @Override
    public Value apply(Value[] inputs) {
        int rows = inputs[0].rows();
        if (!numbers) {
            return table(inputs, rows);
        }
        boolean single = true;
        double[] result = new double[rows * width];
        int column = 0;
        for (Value input : inputs) {
            NumericValue part = (NumericValue) input;
            single &= part.single();
            for (int row = 0; row < rows; row++) {
                System.arraycopy(part.cells(), row * part.columns(), result, row * width + column, part.columns());
            }
            column += part.columns();
        }
        return new NumericValue(result, rows, width, single);
    }

    private TableValue table(Value[] inputs, int rows) {
        List<TableValue.Column> columns = new ArrayList<>(width);
        for (Value input : inputs) {
            if (input instanceof TableValue table) {
                columns.addAll(table.cells());
                continue;
            }
            NumericValue part = (NumericValue) input;
            for (int i = 0; i < part.columns(); i++) {
                double[] cells = new double[rows];
                for (int row = 0; row < rows; row++) {
                    cells[row] = part.at(row, i);
                }
                columns.add(new TableValue.Column.Doubles(cells));
            }
        }
        return new TableValue(columns, rows);
    }

    @Override
    public Shape shape() {
        return new Shape(numbers, width);
    }

    @Override
    public long work() {
        return width;
    }
}
