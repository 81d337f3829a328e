package io.modelward.runtime;

import io.modelward.core.json.Json;
import io.modelward.core.signature.Input;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Turns checked rows into the form that suits their signature: numbers into a matrix, mixed columns into a table, anything else stays
 * JSON. All requests under one signature get one form, so that they can be computed together.
 *
 * @param columns the columns' names in order; empty when rows have none
 * @param width values per row of a matrix; empty when rows are no matrix
 */
public record RowReader(Form form, List<String> columns, OptionalInt width) {

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
                    yield new RowReader(Form.MATRIX, input.columnNames(), OptionalInt.of(width));
                }
                yield input.columnNames().isEmpty()
                        ? new RowReader(Form.VALUES, List.of(), OptionalInt.empty())
                        : new RowReader(Form.TABLE, input.columnNames(), OptionalInt.empty());
            }
            case Schema.Obj object
            when object.closed() -> {
                List<String> columns = columns(input, object);
                boolean numbers = object.properties().values().stream().allMatch(RowReader::isNumber);
                yield numbers
                        ? new RowReader(Form.MATRIX, columns, OptionalInt.of(columns.size()))
                        : new RowReader(Form.TABLE, columns, OptionalInt.empty());
            }
            default -> new RowReader(Form.VALUES, input.columnNames(), OptionalInt.empty());
        };
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
        private double[] values = new double[16 * perRow];
        private int count;
        private int rows;

        @Override
        public void add(JsonNode row) {
            if (values.length - count < perRow) {
                int more = Math.max(perRow, values.length < 1 << 17 ? values.length : values.length >> 1);
                values = Arrays.copyOf(values, Math.addExact(values.length, more));
            }
            for (int i = 0; i < perRow; i++) {
                JsonNode value = cell(row, i);
                values[count++] = value.isNumber() ? value.doubleValue() : Double.NaN;
            }
            rows++;
        }

        @Override
        public long bytes() {
            return 8L * values.length;
        }

        @Override
        public Instances build() {
            return new Instances.Matrix(values.length == count ? values : Arrays.copyOf(values, count), rows, perRow);
        }
    }

    private final class TableRows implements Rows {
        private final List<JsonColumn.Builder> cells =
                columns.stream().map(column -> new JsonColumn.Builder()).toList();
        private long bytes;
        private int rows;

        @Override
        public void add(JsonNode row) {
            for (int i = 0; i < cells.size(); i++) {
                byte[] json = Json.bytes(cell(row, i));
                cells.get(i).add(json);
                bytes += json.length + 4;
            }
            rows++;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Instances build() {
            return new Instances.Table(
                    columns, cells.stream().map(JsonColumn.Builder::build).toList(), rows);
        }
    }

    private static final class ValueRows implements Rows {
        private final JsonColumn.Builder values = new JsonColumn.Builder();

        @Override
        public void add(JsonNode row) {
            values.add(Json.bytes(row));
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

    /** A row of zeros to try a model with; empty when the rows are no matrix. */
    public Optional<Instances> zeros() {
        return width.isPresent()
                ? Optional.of(new Instances.Matrix(new double[width.getAsInt()], 1, width.getAsInt()))
                : Optional.empty();
    }
}
