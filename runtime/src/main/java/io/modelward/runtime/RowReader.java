package io.modelward.runtime;

import io.modelward.core.json.Json;
import io.modelward.core.signature.BlankRow;
import io.modelward.core.signature.Input;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Turns checked rows into the form that suits their signature: numbers into a matrix, mixed columns into a table,
 * anything else stays JSON. All requests under one signature get one form, so that they can be computed together.
 *
 * @param columns the columns' names in order; empty when rows have none
 * @param width values per row of a matrix; empty when rows are no matrix
 * @param whole the columns of a matrix that hold whole numbers
 */
public record RowReader(Form form, List<String> columns, OptionalInt width, BitSet whole) {

    /** The largest number up to which a double holds every whole one. */
    private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

    /** The forms. */
    public enum Form {
        MATRIX,
        TABLE,
        VALUES
    }

    public static RowReader of(Signature signature) {
        Input input = signature.input();
        return switch (input.row()) {
            case Schema.Arr array
            when input.width().isPresent() -> {
                int width = input.width().getAsInt();
                boolean numbers = true;
                for (int i = 0; i < width; i++) {
                    numbers &= isNumber(array.item(i));
                }
                if (numbers) {
                    BitSet whole = new BitSet();
                    for (int i = 0; i < width; i++) {
                        whole.set(i, isWhole(array.item(i)));
                    }
                    yield new RowReader(Form.MATRIX, input.columnNames(), OptionalInt.of(width), whole);
                }
                yield input.columnNames().isEmpty() ? values(List.of()) : table(input.columnNames());
            }
            case Schema.Obj object
            when object.closed() && !input.columnNames().isEmpty() -> {
                List<String> columns = columns(input, object);
                boolean numbers = object.properties().values().stream().allMatch(RowReader::isNumber);
                if (!numbers) {
                    yield table(columns);
                }
                BitSet whole = new BitSet();
                for (int i = 0; i < columns.size(); i++) {
                    whole.set(i, isWhole(object.properties().get(columns.get(i))));
                }
                yield new RowReader(Form.MATRIX, columns, OptionalInt.of(columns.size()), whole);
            }
            // An object whose properties are no columns is one value, as in signatures made from Python's type hints.
            default -> values(input.columnNames());
        };
    }

    private static RowReader table(List<String> columns) {
        return new RowReader(Form.TABLE, columns, OptionalInt.empty(), new BitSet());
    }

    private static RowReader values(List<String> columns) {
        return new RowReader(Form.VALUES, columns, OptionalInt.empty(), new BitSet());
    }

    /** The order that the model learnt, where it is the same set; else that of the schema. */
    private static List<String> columns(Input input, Schema.Obj object) {
        List<String> inSchema = List.copyOf(object.properties().keySet());
        boolean same = input.columnNames().size() == inSchema.size()
                && input.columnNames().containsAll(inSchema);
        return same ? input.columnNames() : inSchema;
    }

    private static boolean isNumber(Schema schema) {
        return switch (schema) {
            case Schema.Numeric number -> !beyondDoubles(number);
            case Schema.Choice choice -> choice.values().stream().allMatch(JsonNode::isNumber);
            case Schema.Union union ->
                !union.of().isEmpty() && union.of().stream().allMatch(RowReader::isNumber);
            default -> false;
        };
    }

    private static boolean isWhole(@Nullable Schema schema) {
        return schema instanceof Schema.Numeric number && number.integer();
    }

    /** Whether it tells of whole numbers that a double does not hold; those travel as JSON. */
    private static boolean beyondDoubles(Schema.Numeric number) {
        return number.integer()
                && number.maximum()
                        .map(most -> most.value().compareTo(EXACT) > 0)
                        .orElse(false);
    }

    /** Reads rows that passed the signature's check. */
    public Instances read(List<JsonNode> rows) {
        Rows read = rows();
        rows.forEach(read::add);
        return read.build();
    }

    /** Reads rows one by one, so that no more than one of them is a tree at a time. */
    public Rows rows() {
        return switch (form) {
            case MATRIX -> new MatrixRows();
            case TABLE -> new TableRows();
            case VALUES -> new ValueRows();
        };
    }

    /** The memory of a row of numbers, in bytes, however short its text is. */
    public long rowBytes() {
        return width.isPresent() ? 8L * width.getAsInt() : 0;
    }

    /** Rows on their way into the form that suits them. */
    public sealed interface Rows {

        /** Takes a row that passed the signature's check. */
        void add(JsonNode row);

        /** About the bytes that are taken now. */
        long bytes();

        Instances build();
    }

    private final class MatrixRows implements Rows {
        private final int perRow = width.orElseThrow();
        private final BitSet present = new BitSet();
        private double[] values = new double[0];
        private int count;
        private int rows;
        /** Takes over when a whole number comes that a double does not hold: then all rows go digit by digit. */
        private @Nullable Rows instead;

        @Override
        public void add(JsonNode row) {
            if (instead == null && !isExact(row)) {
                instead = exact();
                values = new double[0];
            }
            if (instead != null) {
                instead.add(row);
                return;
            }
            if (values.length - count < perRow) {
                int more = Math.max(perRow, values.length < 1 << 17 ? values.length : values.length >> 1);
                values = Arrays.copyOf(values, Math.addExact(values.length, more));
            }
            for (int i = 0; i < perRow; i++) {
                JsonNode value = cell(row, i);
                values[count++] = value.isNumber() ? value.doubleValue() : Double.NaN;
            }
            notePresent(row, present);
            rows++;
        }

        private boolean isExact(JsonNode row) {
            for (int i = whole.nextSetBit(0); i >= 0; i = whole.nextSetBit(i + 1)) {
                if (!RowReader.isExact(cell(row, i))) {
                    return false;
                }
            }
            return true;
        }

        /** The rows so far, as JSON. */
        private Rows exact() {
            TableRows table = new TableRows();
            ValueRows list = new ValueRows();
            for (int row = 0; row < rows; row++) {
                List<byte[]> cells = new ArrayList<>();
                for (int i = 0; i < perRow; i++) {
                    cells.add(text(values[row * perRow + i], whole.get(i)).getBytes(StandardCharsets.US_ASCII));
                }
                if (columns.isEmpty()) {
                    list.add(cells);
                } else {
                    table.add(cells);
                }
            }
            table.present.or(present);
            return columns.isEmpty() ? list : table;
        }

        private static String text(double value, boolean whole) {
            if (Double.isNaN(value)) {
                return "null";
            }
            return whole ? Long.toString((long) value) : Double.toString(value);
        }

        @Override
        public long bytes() {
            return instead != null ? instead.bytes() : 8L * values.length;
        }

        @Override
        public Instances build() {
            if (instead != null) {
                return instead.build();
            }
            return new Instances.Matrix(values.length == count ? values : Arrays.copyOf(values, count), rows, perRow);
        }
    }

    /** Whether a double holds this number. */
    private static boolean isExact(JsonNode value) {
        return !value.isIntegralNumber()
                || value.isInt()
                || value.decimalValue().compareTo(new BigDecimal(value.doubleValue())) == 0;
    }

    private void notePresent(JsonNode row, BitSet present) {
        if (row.isArray()) {
            present.set(0, columns.size());
            return;
        }
        for (int i = present.nextClearBit(0); i < columns.size(); i = present.nextClearBit(i + 1)) {
            if (row.has(columns.get(i))) {
                present.set(i);
            }
        }
    }

    private final class TableRows implements Rows {
        private final List<JsonColumn.Builder> cells =
                columns.stream().map(column -> new JsonColumn.Builder()).toList();
        private final BitSet present = new BitSet();
        private long bytes;
        private int rows;

        @Override
        public void add(JsonNode row) {
            List<byte[]> values = new ArrayList<>(cells.size());
            for (int i = 0; i < cells.size(); i++) {
                values.add(Json.bytes(cell(row, i)));
            }
            add(values);
            notePresent(row, present);
        }

        private void add(List<byte[]> row) {
            for (int i = 0; i < cells.size(); i++) {
                cells.get(i).add(row.get(i));
                bytes += row.get(i).length + 4;
            }
            rows++;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        /**
         * With the columns that any of the rows has: one that all leave out is not there, which is not the same as
         * null.
         */
        @Override
        public Instances build() {
            if (present.isEmpty()) {
                present.set(0, columns.size());
            }
            return new Instances.Table(
                    present.stream().mapToObj(columns::get).toList(),
                    present.stream().mapToObj(i -> cells.get(i).build()).toList(),
                    rows);
        }
    }

    private static final class ValueRows implements Rows {
        private final JsonColumn.Builder values = new JsonColumn.Builder();

        @Override
        public void add(JsonNode row) {
            values.add(Json.bytes(row));
        }

        private void add(List<byte[]> row) {
            JsonBytes array = new JsonBytes().put('[');
            for (int i = 0; i < row.size(); i++) {
                array.put(i == 0 ? "" : ",").put(row.get(i));
            }
            values.add(array.put(']').toArray());
        }

        @Override
        public long bytes() {
            return values.bytes();
        }

        @Override
        public Instances build() {
            return new Instances.Values(values.build());
        }
    }

    /** The value of a column; null where the row leaves an optional one out. */
    private JsonNode cell(JsonNode row, int index) {
        JsonNode value = row.isArray() ? row.get(index) : row.get(columns.get(index));
        return value == null ? NullNode.getInstance() : value;
    }

    /** A row of zeros to try a model with, or another one that is as plain; empty when nothing is known of rows. */
    public Optional<Instances> blank(Signature signature) {
        return width.isPresent()
                ? Optional.of(new Instances.Matrix(new double[width.getAsInt()], 1, width.getAsInt()))
                : BlankRow.of(signature).map(row -> read(List.of(row)));
    }
}
