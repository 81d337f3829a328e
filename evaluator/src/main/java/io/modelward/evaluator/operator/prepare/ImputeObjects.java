package io.modelward.evaluator.operator.prepare;

import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.JsonCell;
import io.modelward.evaluator.form.Node;
import io.modelward.evaluator.operator.Operator;
import io.modelward.evaluator.operator.Shape;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Replaces missing cells of any type, or says where they are. */
public final class ImputeObjects implements Operator {

    private static final Double NAN = Double.NaN;

    private final int width;
    /** What counts as missing, as {@link TableValue.Column.Objects} has it; truth values as numbers. */
    private final @Nullable Object missing;

    /** What replaces it, by column; null when the operator only says where cells are missing. */
    private final @Nullable Object @Nullable [] fill;

    private final int[] indices;
    /** The columns in which a missing cell is refused. */
    private final int[] whole;

    private ImputeObjects(
            int width, @Nullable Object missing, @Nullable Object @Nullable [] fill, int[] indices, int[] whole) {
        this.width = width;
        this.missing = missing;
        this.fill = fill;
        this.indices = indices;
        this.whole = whole;
    }

    /** Makes the operator {@code impute_objects}. */
    public static Operator impute(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        JsonNode list = node.members().path("fill");
        if (!list.isArray() || list.size() != width) {
            throw node.bad("does not have a value to fill in for each of its " + width + " columns");
        }
        @Nullable Object[] fill = new Object[width];
        for (int i = 0; i < width; i++) {
            fill[i] = JsonCell.value(node, list.get(i), "fill");
        }
        return new ImputeObjects(width, missing(node), fill, new int[0], new int[0]);
    }

    /** Makes the operator {@code missing_objects}: 1 where a cell is missing. */
    public static Operator missing(Node node, Shape[] inputs) throws BadForm {
        int width = width(node, inputs);
        int[] indices = SelectColumns.indices(node, width);
        return new ImputeObjects(width, missing(node), null, indices, ImputeNumbers.whole(node, width, indices));
    }

    private static int width(Node node, Shape[] inputs) throws BadForm {
        if (inputs.length != 1) {
            throw node.bad("takes one value");
        }
        return inputs[0].width();
    }

    private static @Nullable Object missing(Node node) throws BadForm {
        JsonNode missing = node.members().path("missing");
        if (missing.path("none").booleanValue(false)) {
            return null;
        }
        if (missing.path("nan").booleanValue(false)) {
            return NAN;
        }
        if (!missing.has("value")) {
            throw node.bad("does not say what is missing");
        }
        Object value = JsonCell.value(node, missing.path("value"), "missing");
        return value instanceof Boolean truth ? Double.valueOf(truth ? 1 : 0) : value;
    }

    @Override
    public Value apply(Value[] inputs) throws Refused {
        int rows = inputs[0].rows();
        refuseTruthAlone(inputs[0]);
        if (!NAN.equals(missing)) {
            for (int i = 0; i < width; i++) {
                refuseNan(column(inputs[0], i));
            }
        }
        if (fill == null) {
            for (int place : whole) {
                TableValue.Column column = column(inputs[0], place);
                for (int row = 0; row < rows; row++) {
                    if (isMissing(cell(column, row))) {
                        throw ImputeNumbers.newlyMissing();
                    }
                }
            }
            double[] marks = new double[rows * indices.length];
            for (int i = 0; i < indices.length; i++) {
                TableValue.Column column = column(inputs[0], indices[i]);
                for (int row = 0; row < rows; row++) {
                    marks[row * indices.length + i] = isMissing(cell(column, row)) ? 1 : 0;
                }
            }
            return NumericValue.of(marks, rows, indices.length);
        }
        List<TableValue.Column> columns = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            columns.add(filled(column(inputs[0], i), fill[i], rows));
        }
        return new TableValue(columns, rows);
    }

    /** A table of nothing but truth values is an array of them, which imputers refuse. */
    private static void refuseTruthAlone(Value value) throws Refused {
        boolean alone = value instanceof TableValue && value.columns() > 0;
        for (int i = 0; alone && i < value.columns(); i++) {
            alone = column(value, i) instanceof TableValue.Column.Doubles(double[] cells, boolean truth) && truth;
        }
        if (alone) {
            throw new Refused("ValueError", "SimpleImputer does not support data with dtype bool.");
        }
    }

    private static TableValue.Column column(Value value, int column) {
        if (value instanceof TableValue table) {
            return table.cells().get(column);
        }
        NumericValue numbers = (NumericValue) value;
        double[] cells = new double[numbers.rows()];
        for (int row = 0; row < cells.length; row++) {
            cells[row] = numbers.at(row, column);
        }
        return new TableValue.Column.Doubles(cells);
    }

    private static @Nullable Object cell(TableValue.Column column, int row) {
        return switch (column) {
            case TableValue.Column.Doubles(double[] cells, boolean truth) -> cells[row];
            case TableValue.Column.Texts(var cells) -> cells[row] == null ? NAN : cells[row];
            case TableValue.Column.Objects(var cells) -> cells[row];
        };
    }

    /** NaN is not taken where something else counts as missing. */
    private static void refuseNan(TableValue.Column column) throws Refused {
        boolean found = false;
        switch (column) {
            case TableValue.Column.Doubles(double[] cells, boolean truth) -> {
                for (double cell : cells) {
                    found |= Double.isNaN(cell);
                }
            }
            case TableValue.Column.Texts(var cells) -> {
                for (String cell : cells) {
                    found |= cell == null;
                }
            }
            case TableValue.Column.Objects(var cells) -> {
                for (Object cell : cells) {
                    found |= NAN.equals(cell);
                }
            }
        }
        if (found) {
            throw new Refused("ValueError", "Input contains NaN");
        }
    }

    private boolean isMissing(@Nullable Object cell) {
        if (cell instanceof Double number && missing instanceof Double wanted) {
            return number.doubleValue() == wanted || (number.isNaN() && wanted.isNaN());
        }
        if (cell instanceof Boolean truth) {
            return missing instanceof Double wanted && wanted == (truth ? 1 : 0);
        }
        return cell == null ? missing == null : cell.equals(missing);
    }

    private TableValue.Column filled(TableValue.Column column, @Nullable Object value, int rows) {
        boolean any = false;
        for (int row = 0; row < rows && !any; row++) {
            any = isMissing(cell(column, row));
        }
        if (!any) {
            return column;
        }
        if (column instanceof TableValue.Column.Doubles(double[] cells, boolean truth)
                && value instanceof Double number) {
            double[] filled = cells.clone();
            for (int row = 0; row < rows; row++) {
                if (isMissing(cells[row])) {
                    filled[row] = number;
                }
            }
            return new TableValue.Column.Doubles(filled);
        }
        if (column instanceof TableValue.Column.Texts(var cells) && value instanceof String text) {
            @Nullable String[] filled = cells.clone();
            for (int row = 0; row < rows; row++) {
                if (isMissing(cell(column, row))) {
                    filled[row] = text;
                }
            }
            return new TableValue.Column.Texts(filled);
        }
        @Nullable Object[] filled = new Object[rows];
        for (int row = 0; row < rows; row++) {
            Object cell = cell(column, row);
            filled[row] = isMissing(cell) ? value : cell;
        }
        return new TableValue.Column.Objects(filled);
    }

    @Override
    public Shape shape() {
        return fill == null ? Shape.numbers(indices.length) : Shape.table(width);
    }

    @Override
    public long work() {
        return 10L * width + indices.length;
    }
}
