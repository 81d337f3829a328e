package io.modelward.evaluator.rows;

import io.modelward.evaluator.value.PythonFloat;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.TableValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes a column of a table of its JSON cells: in the type that pandas finds in them, or in that of MLflow's signature. */
final class ColumnReader {

    private static final Double NAN = Double.NaN;

    private final JsonCells cells;
    private final byte[] bytes;
    private final int rows;
    private final ColumnKinds kinds;
    /** Whether the type comes from a signature: then a cell that a row leaves out is null, else NaN. */
    private final boolean typed;

    private ColumnReader(JsonCells cells, boolean typed, ColumnKinds kinds) {
        this.cells = cells;
        this.typed = typed;
        this.kinds = kinds;
        bytes = cells.bytes();
        rows = cells.rows();
    }

    /**
     * Reads a column.
     *
     * @param type as in {@link io.modelward.evaluator.InputSpec#types()}
     * @param holdsNumbers whether nulls alone are NaN
     * @param kinds of the cells of the whole request, of which these may be a part
     */
    static TableValue.Column read(JsonCells cells, String type, boolean holdsNumbers, ColumnKinds kinds)
            throws Refused {
        ColumnReader reader = new ColumnReader(cells, !type.isEmpty(), kinds);
        return switch (type) {
            case "double" -> new TableValue.Column.Doubles(reader.converted());
            case "float" -> new TableValue.Column.Doubles(single(reader.converted()));
            case "long", "integer" -> reader.whole(type.equals("integer"));
            case "boolean" -> reader.truthValues();
            default -> holdsNumbers ? new TableValue.Column.Doubles(reader.converted()) : reader.found();
        };
    }

    /** A column that no row has. */
    static TableValue.Column absent(int rows, boolean holdsNumbers) {
        if (!holdsNumbers) {
            return new TableValue.Column.Objects(new Object[rows]);
        }
        double[] nan = new double[rows];
        Arrays.fill(nan, Double.NaN);
        return new TableValue.Column.Doubles(nan);
    }

    private JsonText.Kind kind(int row) {
        return JsonText.kind(bytes, cells.start(row));
    }

    /** As pandas has it. */
    private TableValue.Column found() {
        boolean others = kinds.numbers() || kinds.texts() || kinds.nulls() || kinds.absent();
        if (kinds.truths() && !others) {
            return new TableValue.Column.Doubles(doubles(), true);
        }
        boolean onlyNumbers = !kinds.texts() && !kinds.truths() && !kinds.huge();
        if (onlyNumbers && (kinds.numbers() || kinds.absent())) {
            return new TableValue.Column.Doubles(doubles());
        }
        if (kinds.texts() && !kinds.numbers() && !kinds.truths()) {
            @Nullable String[] found = new String[rows];
            for (int row = 0; row < rows; row++) {
                if (cells.start(row) >= 0 && kind(row) == JsonText.Kind.TEXT) {
                    found[row] = JsonText.text(bytes, cells.start(row), cells.end(row));
                }
            }
            return new TableValue.Column.Texts(found);
        }
        return objects();
    }

    private TableValue.Column objects() {
        @Nullable Object[] found = new Object[rows];
        for (int row = 0; row < rows; row++) {
            int start = cells.start(row);
            if (start < 0) {
                found[row] = typed ? null : NAN;
                continue;
            }
            switch (kind(row)) {
                case NUMBER -> found[row] = JsonText.number(bytes, start, cells.end(row));
                case TEXT -> found[row] = JsonText.text(bytes, start, cells.end(row));
                case TRUTH -> found[row] = bytes[start] == 't';
                default -> found[row] = null;
            }
        }
        return new TableValue.Column.Objects(found);
    }

    /** Numbers, truth values, and NaN for all else. */
    private double[] doubles() {
        double[] found = new double[rows];
        for (int row = 0; row < rows; row++) {
            int start = cells.start(row);
            if (start < 0) {
                found[row] = Double.NaN;
                continue;
            }
            found[row] = switch (kind(row)) {
                case NUMBER -> JsonText.number(bytes, start, cells.end(row));
                case TRUTH -> bytes[start] == 't' ? 1 : 0;
                default -> Double.NaN;
            };
        }
        return found;
    }

    /** As NumPy makes an array of float64 of a list. */
    private double[] converted() throws Refused {
        double[] found = doubles();
        for (int row = 0; row < rows && kinds.texts(); row++) {
            if (cells.start(row) >= 0 && kind(row) == JsonText.Kind.TEXT) {
                String text = JsonText.text(bytes, cells.start(row), cells.end(row));
                if (!PythonFloat.is(text)) {
                    throw new Refused("ValueError", "could not convert string to float");
                }
                found[row] = PythonFloat.of(text);
            }
        }
        return found;
    }

    private static double[] single(double[] cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) cells[i];
        }
        return cells;
    }

    /** Whole numbers; those with nulls among them are float64 with NaN, or objects when a double does not hold one. */
    private TableValue.Column whole(boolean integer) throws Refused {
        if (kinds.texts()) {
            throw new Refused("ValueError", "invalid literal for int() with base 10");
        }
        double[] found = doubles();
        if (kinds.nulls() || kinds.absent()) {
            return kinds.beyond() ? objects() : new TableValue.Column.Doubles(found);
        }
        for (int row = 0; row < rows; row++) {
            double cell = found[row] < 0 ? Math.ceil(found[row]) : Math.floor(found[row]);
            if (integer ? cell != (int) cell : !(cell >= -0x1p63 && cell < 0x1p63)) {
                throw new Refused("OverflowError", "a whole number is out of bounds of its column's type");
            }
            found[row] = cell + 0.0;
        }
        return new TableValue.Column.Doubles(found);
    }

    private TableValue.Column truthValues() throws Refused {
        if (kinds.texts()) {
            throw new Refused("ValueError", "invalid literal for int() with base 10");
        }
        if (kinds.nulls() || kinds.absent()) {
            return objects();
        }
        double[] found = doubles();
        for (int row = 0; row < rows; row++) {
            double cell = found[row];
            found[row] = cell > -1 && cell < 1 ? 0 : 1;
        }
        return new TableValue.Column.Doubles(found, true);
    }
}
