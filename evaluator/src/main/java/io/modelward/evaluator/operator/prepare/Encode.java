package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.HasEdges;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import tools.jackson.databind.JsonNode;

/** Makes numbers of categories: their codes, or for each category a column that is 1 where the cell is that category. */
public final class Encode implements Operator, HasEdges {

    private final CategoryTable[] tables;
    /** For each column where its columns begin in the result. */
    private final int[] starts;

    private final int width;
    private final boolean oneHot;
    private final boolean single;

    private Encode(CategoryTable[] tables, int[] starts, int width, boolean oneHot, boolean single) {
        this.tables = tables;
        this.starts = starts;
        this.width = width;
        this.oneHot = oneHot;
        this.single = single;
    }

    /** Makes the operator {@code encode}. */
    public static Operator of(Node node, Shape[] inputs) throws BadForm {
        JsonNode columns = node.members().path("columns");
        if (inputs.length != 1 || !columns.isArray() || columns.size() != inputs[0].width()) {
            throw node.bad("does not have categories for each column of the value that it takes");
        }
        boolean oneHot = node.word("how", "ordinal", "onehot").equals("onehot");
        String dtype = node.text("dtype", "f8");
        if (!dtype.equals("f8")) {
            node.word("dtype", "f4");
        }
        CategoryTable[] tables = new CategoryTable[columns.size()];
        int[] starts = new int[tables.length];
        long width = 0;
        for (int i = 0; i < tables.length; i++) {
            tables[i] = CategoryTable.of(node, columns.get(i), oneHot);
            starts[i] = (int) width;
            width += tables[i].width();
            if (width > Integer.MAX_VALUE) {
                throw node.bad("has too many columns");
            }
        }
        return new Encode(tables, starts, (int) width, oneHot, dtype.equals("f4"));
    }

    @Override
    public void edges(Sink sink) {
        for (int i = 0; i < tables.length; i++) {
            int column = i;
            tables[i].each(category -> sink.edge(column, category));
        }
    }

    @Override
    public Value apply(Value[] inputs) throws Refused {
        int rows = inputs[0].rows();
        double[] result = new double[rows * width];
        if (inputs[0] instanceof NumericValue input) {
            for (int column = 0; column < tables.length; column++) {
                refuseNumbers(input.cells(), column, tables.length, column);
                for (int row = 0; row < rows; row++) {
                    number(input.at(row, column), result, row, column);
                }
            }
        } else {
            TableValue table = (TableValue) inputs[0];
            for (int column = 0; column < tables.length; column++) {
                column(table.cells().get(column), result, column);
            }
        }
        return new NumericValue(result, rows, width, single);
    }

    private void column(TableValue.Column cells, double[] result, int column) throws Refused {
        switch (cells) {
            case TableValue.Column.Doubles(double[] numbers, boolean truth) -> {
                refuseNumbers(numbers, 0, 1, column);
                for (int row = 0; row < numbers.length; row++) {
                    number(numbers[row], result, row, column);
                }
            }
            case TableValue.Column.Texts(var texts) -> {
                for (int row = 0; row < texts.length; row++) {
                    String cell = texts[row];
                    if (cell == null) {
                        number(Double.NaN, result, row, column);
                    } else {
                        text(cell, result, row, column);
                    }
                }
            }
            case TableValue.Column.Objects(var objects) -> {
                // Numbers among objects are no column of numbers, even when there is nothing else.
                for (int row = 0; row < objects.length; row++) {
                    switch (objects[row]) {
                        case null -> {
                            refuse(tables[column].refusesNone(), column);
                            put(tables[column].codeOfNone(), result, row, column);
                        }
                        case String cell -> text(cell, result, row, column);
                        case Boolean cell -> number(cell ? 1 : 0, result, row, column);
                        case Double cell -> number(cell, result, row, column);
                        default -> refuse(true, column);
                    }
                }
            }
        }
    }

    /** What scikit-learn raises when all cells of a column are numbers, and the categories are not; or for an infinity. */
    private void refuseNumbers(double[] cells, int from, int step, int column) throws Refused {
        if (tables[column].refusesNumbers()) {
            throw new Refused("TypeError", "'<' not supported between instances of 'str' and 'float'");
        }
        for (int i = from; i < cells.length; i += step) {
            if (Double.isInfinite(cells[i])) {
                throw new Refused("ValueError", "Input contains infinity or a value too large for dtype('float64').");
            }
        }
    }

    private void number(double cell, double[] result, int row, int column) throws Refused {
        refuse(tables[column].refuses(cell), column);
        put(tables[column].code(cell), result, row, column);
    }

    private void text(String cell, double[] result, int row, int column) throws Refused {
        refuse(tables[column].refuses(cell), column);
        put(tables[column].code(cell), result, row, column);
    }

    private static void refuse(boolean refused, int column) throws Refused {
        if (refused) {
            throw new Refused("ValueError", "Found unknown categories in column " + column + " during transform");
        }
    }

    private void put(double code, double[] result, int row, int column) {
        int base = row * width + starts[column];
        if (!oneHot) {
            result[base] = single ? (float) code : code;
        } else if (code >= 0) {
            result[base + (int) code] = 1;
        }
    }

    @Override
    public Shape shape() {
        return Shape.numbers(width);
    }

    @Override
    public long work() {
        return width + 40L * tables.length;
    }
}
