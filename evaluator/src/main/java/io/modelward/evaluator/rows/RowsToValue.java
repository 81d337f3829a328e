package io.modelward.evaluator.rows;

import io.modelward.evaluator.InputSpec;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the value 0 of a form of a request's rows, as the section Input of docs/portable-form.md has it. It has no
 * state: many threads use it at once.
 */
public final class RowsToValue {

    private final InputSpec spec;
    /** The place of each column of the form's input. */
    private final Map<String, Integer> places = new HashMap<>();
    /** For each column of rows without names, the place of that column in the form's input. */
    private final int[] byContract;

    private RowsToValue(InputSpec spec) {
        this.spec = spec;
        for (int i = 0; i < spec.names().size(); i++) {
            places.put(spec.names().get(i), i);
        }
        byContract = spec.contract().stream()
                .mapToInt(name -> places.getOrDefault(name, -1))
                .toArray();
    }

    public static RowsToValue of(InputSpec spec) {
        return new RowsToValue(spec);
    }

    /**
     * Rows of numbers without names.
     *
     * @param values row by row; the value may keep this array
     * @throws Refused when the rows do not have as many numbers as the model learnt
     */
    public Value matrix(double[] values, int rows, int width) throws Refused {
        checkWidth(width);
        if (!spec.frame()) {
            if (!spec.single()) {
                return NumericValue.of(values, rows, width);
            }
            double[] rounded = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                rounded[i] = (float) values[i];
            }
            return new NumericValue(rounded, rows, width, true);
        }
        TableValue.Column[] columns = new TableValue.Column[width];
        for (int i = 0; i < width; i++) {
            double[] cells = new double[rows];
            for (int row = 0; row < rows; row++) {
                cells[row] = values[row * width + i];
            }
            columns[byContract[i]] = typed(cells, spec.types().get(byContract[i]));
        }
        return new TableValue(Arrays.asList(columns), rows);
    }

    private void checkWidth(int width) throws Refused {
        if (width != spec.width()) {
            throw new Refused(
                    "ValueError",
                    "X has " + width + " features, but the model is expecting " + spec.width() + " features as input.");
        }
    }

    /** As NumPy's {@code astype} makes the types of MLflow of float64. */
    private static TableValue.Column typed(double[] cells, String type) {
        for (int i = 0; i < cells.length; i++) {
            double cell = cells[i];
            cells[i] = switch (type) {
                case "float" -> (float) cell;
                case "boolean" -> cell != 0 ? 1 : 0;
                case "long" -> (long) cell;
                case "integer" -> (int) cell;
                default -> cell;
            };
        }
        return new TableValue.Column.Doubles(cells, type.equals("boolean"));
    }

    /**
     * Columns with names; those that the model did not learn do not matter.
     *
     * @param cells for each of {@code names} its values, {@code rows} each
     * @throws Refused when a cell does not fit the type of its column
     * @throws IllegalArgumentException when the form takes a matrix, so that its input has no names
     */
    public Value columns(List<String> names, List<? extends JsonCells> cells, int rows) throws Refused {
        return columns(names, cells, rows, kinds(names, cells));
    }

    /** The kinds of the columns that the model learnt, by name. */
    public Map<String, ColumnKinds> kinds(List<String> names, List<? extends JsonCells> cells) throws Refused {
        Map<String, ColumnKinds> kinds = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (places.containsKey(names.get(i))) {
                kinds.put(names.get(i), ColumnKinds.of(cells.get(i)));
            }
        }
        return kinds;
    }

    /** The same of some rows of a request whose columns have these kinds. */
    public Value columns(List<String> names, List<? extends JsonCells> cells, int rows, Map<String, ColumnKinds> kinds)
            throws Refused {
        needFrame();
        TableValue.Column[] columns = new TableValue.Column[spec.width()];
        for (int i = 0; i < names.size(); i++) {
            Integer place = places.get(names.get(i));
            if (place != null) {
                columns[place] = ColumnReader.read(
                        cells.get(i),
                        spec.types().get(place),
                        spec.numbers().contains(names.get(i)),
                        Objects.requireNonNull(kinds.get(names.get(i))));
            }
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] == null) {
                checkOptional(i);
                columns[i] = ColumnReader.absent(
                        rows, spec.numbers().contains(spec.names().get(i)));
            }
        }
        return new TableValue(Arrays.asList(columns), rows);
    }

    /** MLflow refuses rows without a column of its signature. */
    private void checkOptional(int column) throws Refused {
        if (!spec.types().get(column).isEmpty()) {
            throw new Refused(
                    "MlflowException",
                    "Model is missing inputs ['" + spec.names().get(column) + "'].");
        }
    }

    private void needFrame() {
        if (!spec.frame()) {
            throw new IllegalArgumentException("the form takes a matrix, and gets columns with names");
        }
    }

    /**
     * Rows that are JSON values: all objects, or all arrays of numbers.
     *
     * @throws Refused when the rows are neither, or do not fit the model
     * @throws IllegalArgumentException when rows are objects and the form takes a matrix
     */
    public Value values(JsonCells rows) throws Refused {
        return values(rows, null);
    }

    /** The kinds of the columns of rows that are objects; empty for other rows. */
    public Map<String, ColumnKinds> kinds(JsonCells rows) throws Refused {
        Map<String, ColumnKinds> kinds = new HashMap<>();
        for (int row = 0; row < rows.rows(); row++) {
            if (JsonText.kind(rows.bytes(), rows.start(row)) != JsonText.Kind.OBJECT) {
                return kinds;
            }
        }
        List<Members> columns = members(rows);
        for (int i = 0; i < columns.size(); i++) {
            kinds.put(spec.names().get(i), ColumnKinds.of(columns.get(i)));
        }
        return kinds;
    }

    /**
     * The same of some rows of a request.
     *
     * @param kinds of the columns of the whole request; null when these rows are all of it
     */
    public Value values(JsonCells rows, @Nullable Map<String, ColumnKinds> kinds) throws Refused {
        boolean arrays = true;
        boolean objects = true;
        for (int row = 0; row < rows.rows(); row++) {
            JsonText.Kind kind = JsonText.kind(rows.bytes(), rows.start(row));
            arrays &= kind == JsonText.Kind.ARRAY;
            objects &= kind == JsonText.Kind.OBJECT;
        }
        if (objects) {
            return objects(rows, kinds == null ? kinds(rows) : kinds);
        }
        if (arrays) {
            return arrays(rows);
        }
        throw new Refused("ValueError", "the rows are neither all objects nor all arrays");
    }

    private Value arrays(JsonCells rows) throws Refused {
        double[] values = new double[Math.multiplyExact(rows.rows(), spec.width())];
        for (int row = 0; row < rows.rows(); row++) {
            byte[] bytes = rows.bytes();
            int end = rows.end(row);
            int at = JsonText.afterSpace(bytes, rows.start(row) + 1, end);
            int width = 0;
            while (bytes[at] != ']') {
                int after = JsonText.afterValue(bytes, at, end);
                if (width < spec.width()) {
                    values[row * spec.width() + width] = number(bytes, at, after);
                }
                width++;
                at = JsonText.afterSpace(bytes, after, end);
                if (bytes[at] == ',') {
                    at = JsonText.afterSpace(bytes, at + 1, end);
                }
            }
            checkWidth(width);
        }
        return matrix(values, rows.rows(), spec.width());
    }

    private static double number(byte[] bytes, int start, int end) throws Refused {
        return switch (JsonText.kind(bytes, start)) {
            case NUMBER -> JsonText.number(bytes, start, end);
            case TRUTH -> bytes[start] == 't' ? 1 : 0;
            case NULL -> Double.NaN;
            default -> throw new Refused("ValueError", "could not convert string to float");
        };
    }

    /** The places of one column's cells within rows that are objects. */
    private record Members(byte[] bytes, int[] starts, int[] ends) implements JsonCells {

        @Override
        public int rows() {
            return starts.length;
        }

        @Override
        public int start(int row) {
            return starts[row];
        }

        @Override
        public int end(int row) {
            return ends[row];
        }
    }

    private List<Members> members(JsonCells rows) {
        needFrame();
        int count = rows.rows();
        byte[] bytes = rows.bytes();
        List<Members> columns = new ArrayList<>();
        for (int i = 0; i < spec.width(); i++) {
            int[] starts = new int[count];
            Arrays.fill(starts, -1);
            columns.add(new Members(bytes, starts, new int[count]));
        }
        for (int row = 0; row < count; row++) {
            int end = rows.end(row);
            int at = JsonText.afterSpace(bytes, rows.start(row) + 1, end);
            while (bytes[at] != '}') {
                int afterName = JsonText.afterText(bytes, at);
                Integer place = places.get(JsonText.text(bytes, at, afterName));
                int colon = JsonText.afterSpace(bytes, afterName, end);
                int start = JsonText.afterSpace(bytes, colon + 1, end);
                int after = JsonText.afterValue(bytes, start, end);
                if (place != null) {
                    columns.get(place).starts()[row] = start;
                    columns.get(place).ends()[row] = after;
                }
                at = JsonText.afterSpace(bytes, after, end);
                if (bytes[at] == ',') {
                    at = JsonText.afterSpace(bytes, at + 1, end);
                }
            }
        }
        return columns;
    }

    private Value objects(JsonCells rows, Map<String, ColumnKinds> kinds) throws Refused {
        List<Members> columns = members(rows);
        List<TableValue.Column> read = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ColumnKinds kind = kinds.get(spec.names().get(i));
            if (kind == null) {
                throw new Refused("ValueError", "the rows are neither all objects nor all arrays");
            }
            if (kind.nowhere()) {
                checkOptional(i);
            }
            read.add(ColumnReader.read(columns.get(i), spec.types().get(i), false, kind));
        }
        return new TableValue(read, rows.rows());
    }
}
