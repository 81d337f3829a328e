package io.modelward.runtime;

import io.modelward.core.signature.BlankRow;
import io.modelward.core.signature.Input;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * Turns checked rows into the form that suits their signature: numbers into a matrix, mixed columns into a table, anything else stays
 * JSON. All requests under one signature get one form, so that they can be computed together.
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
        return switch (form) {
            case MATRIX -> matrix(rows);
            case TABLE -> cells(rows);
            case VALUES -> new Instances.Values(rows, size(rows));
        };
    }

    private Instances matrix(List<JsonNode> rows) {
        int perRow = width.orElseThrow();
        double[] values = new double[Math.multiplyExact(rows.size(), perRow)];
        int at = 0;
        for (JsonNode row : rows) {
            for (int i = 0; i < perRow; i++) {
                JsonNode value = cell(row, i);
                if (whole.get(i) && !exact(value)) {
                    // Rows with such a number go digit by digit, and are computed with others of their kind only.
                    return columns.isEmpty() ? new Instances.Values(rows, size(rows)) : cells(rows);
                }
                values[at++] = value.isNumber() ? value.doubleValue() : Double.NaN;
            }
        }
        return new Instances.Matrix(values, rows.size(), perRow);
    }

    /** Whether a double holds this number. */
    private static boolean exact(JsonNode value) {
        return !value.isIntegralNumber()
                || value.isInt()
                || value.decimalValue().compareTo(new BigDecimal(value.doubleValue())) == 0;
    }

    /** The columns that any of the rows has: one that all leave out is not there, which is not the same as null. */
    private Instances cells(List<JsonNode> rows) {
        List<Integer> present = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (rows.stream().anyMatch(row -> row.isArray() || row.has(name))) {
                present.add(i);
            }
        }
        if (present.isEmpty()) {
            IntStream.range(0, columns.size()).forEach(present::add);
        }
        List<List<JsonNode>> cells = new ArrayList<>(rows.size());
        for (JsonNode row : rows) {
            cells.add(present.stream().map(i -> cell(row, i)).toList());
        }
        return new Instances.Table(present.stream().map(columns::get).toList(), cells, size(rows));
    }

    /** The value of a column; null where the row leaves an optional one out. */
    private JsonNode cell(JsonNode row, int index) {
        JsonNode value = row.isArray() ? row.get(index) : row.get(columns.get(index));
        return value == null ? NullNode.getInstance() : value;
    }

    private static long size(List<JsonNode> rows) {
        long values = 0;
        for (JsonNode row : rows) {
            values += 1 + row.size();
        }
        return 48 * values;
    }

    /** A row of zeros to try a model with, or another one that is as plain; empty when nothing is known of rows. */
    public Optional<Instances> blank(Signature signature) {
        return width.isPresent()
                ? Optional.of(new Instances.Matrix(new double[width.getAsInt()], 1, width.getAsInt()))
                : BlankRow.of(signature).map(row -> read(List.of(row)));
    }
}
