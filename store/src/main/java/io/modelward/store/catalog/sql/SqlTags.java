package io.modelward.store.catalog.sql;

import io.modelward.core.tracking.KeyValue;
import io.modelward.store.catalog.Tags;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Tags in one of the tables of tags; {@code foreign} is its column of owners. */
record SqlTags(Handle handle, String table, String foreign) implements Tags {

    @Override
    public void set(long owner, KeyValue tag) {
        new Sides(handle).set(table, foreign, owner, tag);
    }

    @Override
    public boolean delete(long owner, String key) {
        return new Sides(handle).delete(table, foreign, owner, key);
    }

    @Override
    public Map<Long, List<KeyValue>> of(Collection<Long> owners) {
        return new Sides(handle)
                .ofEach(
                        owners,
                        "SELECT " + foreign + " AS owner, key, value FROM " + table + " WHERE " + foreign,
                        foreign + ", key",
                        (row, context) -> row.getLong("owner"),
                        (row, context) -> Columns.entry(row));
    }
}
