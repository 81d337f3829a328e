package io.modelward.store.catalog.sql;

import io.modelward.core.tracking.KeyValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Tables of keys and values beside runs and experiments. The names of tables come from this package only. */
record Sides(Handle handle) {

    private static final int HEAD = 200;
    private static final int AT_ONCE = 500;

    /** The part of a value that is indexed; never half a character. */
    static String head(String value) {
        if (value.length() <= HEAD) {
            return value;
        }
        return value.substring(0, Character.isHighSurrogate(value.charAt(HEAD - 1)) ? HEAD - 1 : HEAD);
    }

    /** Whether the value is all of its head, and so short that it is the head of no other. */
    static boolean isHead(String value) {
        return value.length() < HEAD - 1;
    }

    /** Inserts the entry or replaces its value. */
    void set(String table, String foreign, Object owner, KeyValue entry) {
        handle.createUpdate("INSERT INTO " + table + " (" + foreign
                        + ", key, value, head) VALUES (:owner, :key, :value, :head)" + " ON CONFLICT (" + foreign
                        + ", key) DO UPDATE SET value = excluded.value, head = excluded.head")
                .bind("owner", owner)
                .bind("key", entry.key())
                .bind("value", entry.value())
                .bind("head", head(entry.value()))
                .execute();
    }

    boolean delete(String table, String foreign, Object owner, String key) {
        return handle.createUpdate("DELETE FROM " + table + " WHERE " + foreign + " = :owner AND key = :key")
                        .bind("owner", owner)
                        .bind("key", key)
                        .execute()
                > 0;
    }

    /**
     * What each of many owners has, read some owners at a time; the statement ends in a column, to which the list is
     * added.
     */
    <K, T> Map<K, List<T>> ofEach(
            Collection<K> owners, String select, String order, RowMapper<K> key, RowMapper<T> mapper) {
        Map<K, List<T>> found = new LinkedHashMap<>();
        List<K> all = List.copyOf(owners);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            Bindings bindings = new Bindings();
            String list = bindings.list(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
            bindings.bind(handle.createQuery(select + " IN " + list + " ORDER BY " + order))
                    .map((row, context) -> Map.entry(key.map(row, context), mapper.map(row, context)))
                    .forEach(entry -> found.computeIfAbsent(entry.getKey(), owner -> new ArrayList<>())
                            .add(entry.getValue()));
        }
        return found;
    }
}
