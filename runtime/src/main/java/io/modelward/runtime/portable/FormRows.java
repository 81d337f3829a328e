package io.modelward.runtime.portable;

import io.modelward.evaluator.InputSpec;
import io.modelward.evaluator.rows.JsonCells;
import io.modelward.evaluator.rows.RowsToValue;
import io.modelward.evaluator.value.Refused;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import io.modelward.runtime.JsonColumn;
import java.util.ArrayList;
import java.util.List;

/** Makes the rows of requests what a form takes, as the worker makes them what the model takes. */
final class FormRows {

    private final RowsToValue reader;

    FormRows(InputSpec input) {
        this.reader = RowsToValue.of(input);
    }

    /** @throws Refused when the model itself would raise for such rows */
    Value value(Instances instances) throws Refused {
        return switch (instances) {
            case Instances.Matrix(double[] values, int rows, int width) -> reader.matrix(values, rows, width);
            case Instances.Table(List<String> columns, List<JsonColumn> cells, int rows) -> {
                List<Cells> given = new ArrayList<>(cells.size());
                for (JsonColumn column : cells) {
                    given.add(new Cells(column));
                }
                yield reader.columns(columns, given, rows);
            }
            case Instances.Values(JsonColumn values) -> reader.values(new Cells(values));
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
