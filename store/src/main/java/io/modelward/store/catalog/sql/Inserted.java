package io.modelward.store.catalog.sql;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** A row that must not change, on its way into its table: its values in the order of the columns, and their hash. */
final class Inserted {

    private final RowHash.Protected table;
    private final List<@Nullable Object> values = new ArrayList<>();

    private Inserted(RowHash.Protected table) {
        this.table = table;
    }

    static Inserted into(RowHash.Protected table) {
        return new Inserted(table);
    }

    Inserted with(@Nullable Object value) {
        values.add(value);
        return this;
    }

    void execute(Handle handle) {
        try (Update update = handle.createUpdate(RowHash.insert(table))) {
            bind(update);
            update.execute();
        }
    }

    void bind(SqlStatement<?> statement) {
        for (int i = 0; i < values.size(); i++) {
            statement.bind(table.columns().get(i), values.get(i));
        }
        statement.bind("row_hash", RowHash.of(table, values.toArray()));
    }
}
