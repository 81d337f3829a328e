package io.modelward.store.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows of the catalog as they lie in its tables, for moving a registry to another database. A value is a
 * {@link Long}, a {@link Double}, a {@link String}, a {@code byte[]} or null; it is the same on every database.
 */
public interface RawTables {

    /**
     * A table.
     *
     * @param columns in the order of values of a row
     * @param key the columns of the primary key, which orders the rows; text is ordered by code point
     */
    record Table(String name, List<String> columns, List<String> key) {

        /** The values of the key of a row. */
        public List<@Nullable Object> keyOf(List<@Nullable Object> row) {
            return key.stream()
                    .<@Nullable Object>map(column -> row.get(columns.indexOf(column)))
                    .toList();
        }
    }

    /** Every table that a copy has to have; a table comes after those that it refers to. */
    List<Table> tables();

    long count(Table table);

    /**
     * The next rows in the order of the key, at most {@code limit}.
     *
     * @param after a key; empty: from the first row
     */
    List<List<@Nullable Object>> rows(Table table, List<@Nullable Object> after, int limit);

    /** Empties all tables. */
    void clear();

    /** Inserts rows, or replaces those that have the same key. */
    void put(Table table, List<List<@Nullable Object>> rows);
}
