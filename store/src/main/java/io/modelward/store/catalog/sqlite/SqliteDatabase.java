package io.modelward.store.catalog.sqlite;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.sql.CatalogSchema;
import io.modelward.store.catalog.sql.Dialect;
import java.nio.file.Path;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite file in WAL mode with {@code synchronous=FULL}: a commit that returned survives a power loss. Releases of
 * SQLite before 3.51.3 could lose committed data when the WAL was reset, so they are refused.
 */
final class SqliteDatabase {

    /** A LIKE of SQLite has no escape character unless one is named. */
    static final Dialect DIALECT = new Dialect("");

    private static final int[] OLDEST = {3, 51, 3};
    private static final int BUSY_MILLIS = 10_000;
    /** Of each; what a search of many runs looks at again and again. */
    private static final int READER_CACHE_KIB = 16 << 10;

    private final SQLiteDataSource source;

    SqliteDatabase(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        // Nobody asks for them, and the driver would run a statement of its own after every INSERT to have them.
        config.setGetGeneratedKeys(false);
        this.source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
    }

    /** Asserts the library's version and brings the tables up to this release. */
    void prepare() {
        try (Handle handle = open()) {
            String version = handle.createQuery("SELECT sqlite_version()")
                    .mapTo(String.class)
                    .one();
            requireVersion(version);
        }
        CatalogSchema.migrate(
                source,
                "sqlite",
                Map.of("long", "INTEGER", "double", "REAL", "text", "TEXT", "bytes", "BLOB", "strict", " STRICT"),
                new NameSkeletons());
    }

    static void requireVersion(String version) {
        String[] parts = version.split("\\.", 0);
        for (int i = 0; i < OLDEST.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part != OLDEST[i]) {
                if (part < OLDEST[i]) {
                    throw new StartRefused(
                            "SQLite " + version + " may lose committed data; 3.51.3 or newer is needed.");
                }
                return;
            }
        }
    }

    /**
     * A new connection for writing. The caller begins and ends transactions. LIKE tells cases apart, as it does
     * elsewhere.
     */
    Handle open() {
        Handle handle = Jdbi.open(source);
        KeptStatements.of(handle);
        handle.execute("PRAGMA case_sensitive_like = 1");
        return handle;
    }

    /** A new connection that cannot write. */
    Handle openReader() {
        Handle handle = open();
        handle.execute("PRAGMA query_only = 1");
        handle.execute("PRAGMA cache_size = " + -READER_CACHE_KIB);
        return handle;
    }
}
