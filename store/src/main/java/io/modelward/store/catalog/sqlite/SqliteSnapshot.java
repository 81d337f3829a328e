package io.modelward.store.catalog.sqlite;

import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.SqlTransaction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A copy of a catalog's file, taken while a server writes to the catalog, and opened so that not a byte of it changes.
 * For one platform thread.
 */
public final class SqliteSnapshot implements AutoCloseable {

    private final Handle handle;

    private SqliteSnapshot(Handle handle) {
        this.handle = handle;
    }

    /**
     * Copies the catalog as it is now, through a connection of its own: writers go on meanwhile. The file must not be
     * there; it is not synced.
     */
    public static void take(Path catalog, Path target) {
        try (Handle handle = new SqliteDatabase(catalog).open()) {
            handle.execute("VACUUM INTO ?", target.toString());
        }
    }

    /** Opens a copy that nobody changes. */
    public static SqliteSnapshot open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:file:" + file.toUri().getRawPath() + "?immutable=1");
        return new SqliteSnapshot(Jdbi.open(source));
    }

    /** Its tables; only for reading. */
    public CatalogTransaction tables() {
        return new SqlTransaction(handle, SqliteDatabase.DIALECT);
    }

    /** What SQLite itself finds wrong with the file; empty when it is sound. */
    public static Optional<String> damage(Path file) {
        try (SqliteSnapshot snapshot = open(file)) {
            List<String> found = snapshot.handle
                    .createQuery("PRAGMA integrity_check(3)")
                    .mapTo(String.class)
                    .list();
            return found.equals(List.of("ok")) ? Optional.empty() : Optional.of(String.join("; ", found));
        } catch (JdbiException unreadable) {
            return Optional.of("SQLite cannot read it");
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
