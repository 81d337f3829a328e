package io.modelward.core.signature;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one row of a request may be.
 *
 * @param row the schema of a row
 * @param columnNames the columns in order, where known; with an array as {@code row}, a row may then also be sent as an object by column name
 * @param width how many values an array has, where that is fixed
 */
public record Input(Schema row, List<String> columnNames, OptionalInt width) {

    public Input {
        columnNames = List.copyOf(columnNames);
    }

    /** Whether rows may be sent both as arrays and as objects by column name. */
    boolean byName() {
        return row instanceof Schema.Arr && !columnNames.isEmpty();
    }

    /** The object by column name that stands for an array row. */
    Schema.Obj named(Schema.Arr array) {
        Map<String, Schema> columns = new LinkedHashMap<>();
        for (int i = 0; i < columnNames.size(); i++) {
            columns.put(columnNames.get(i), array.item(i));
        }
        return new Schema.Obj(columns, new HashSet<>(columnNames), Schema.NOTHING);
    }
}
