package io.modelward.core.signature;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one row of a request may be.
 *
 * @param row the schema of a row
 * @param columnNames the columns in order, where known; with an array as {@code row}, a row may then also be sent as an
 *     object by column name
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

    /** The names of the columns that hold numbers and null: there, null is a missing number. */
    public List<String> optionalNumbers() {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < columnNames.size(); i++) {
            String name = columnNames.get(i);
            Schema column = row instanceof Schema.Obj object
                    ? object.properties().getOrDefault(name, Schema.ANY)
                    : row instanceof Schema.Arr array ? array.item(i) : Schema.ANY;
            if (isOptionalNumber(column)) {
                found.add(name);
            }
        }
        return found;
    }

    private static boolean isOptionalNumber(Schema schema) {
        return schema instanceof Schema.Union(List<Schema> of)
                && of.contains(new Schema.Null())
                && of.size() > 1
                && of.stream().allMatch(part -> part instanceof Schema.Null || part instanceof Schema.Numeric);
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
