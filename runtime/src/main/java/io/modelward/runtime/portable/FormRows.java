package io.modelward.runtime.portable;

import io.modelward.evaluator.InputSpec;
import io.modelward.evaluator.rows.ColumnKinds;
import io.modelward.evaluator.rows.JsonCells;
import io.modelward.evaluator.rows.RowsToValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonColumn;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the rows of requests what a form takes, as the worker makes them what the model takes. */
final class FormRows {

    private final RowsToValue reader;

    FormRows(InputSpec input) {
        this.reader = RowsToValue.of(input);
    }

    /** The kinds of the columns of a request; null when its rows are numbers. */
    @Nullable
    Map<String, ColumnKinds> kinds(Instances whole) throws Refused {
        return switch (whole) {
            case Instances.Matrix _ -> null;
            case Instances.Table table -> reader.kinds(table.columns(), cells(table.cells()));
            case Instances.Values(JsonColumn values) -> reader.kinds(new Cells(values));
        };
    }

    /** The rows of a whole request. */
    Value value(Instances instances) throws Refused {
        return value(instances, kinds(instances));
    }

    private static List<Cells> cells(List<JsonColumn> columns) {
        return columns.stream().map(Cells::new).toList();
    }

    /**
     * Rows of a request.
     *
     * @param kinds of the columns of the whole request
     * @throws Refused when the model itself would raise for such rows
     */
    Value value(Instances instances, @Nullable Map<String, ColumnKinds> kinds) throws Refused {
        return switch (instances) {
            case Instances.Matrix(double[] values, int rows, int width) -> reader.matrix(values, rows, width);
            case Instances.Table(List<String> columns, List<JsonColumn> cells, int rows) ->
                reader.columns(columns, cells(cells), rows, Objects.requireNonNull(kinds));
            case Instances.Values(JsonColumn values) -> reader.values(new Cells(values), kinds);
        };
    }

    /** The values of a column, where they are. */
    private record Cells(JsonColumn column) implements JsonCells {

        @Override
        public int rows() {
            return column.values();
        }

        @Override
        public byte[] bytes() {
            return column.text();
        }

        @Override
        public int start(int row) {
            return row == 0 ? 0 : column.ends()[row - 1];
        }

        @Override
        public int end(int row) {
            return column.ends()[row];
        }
    }
}
