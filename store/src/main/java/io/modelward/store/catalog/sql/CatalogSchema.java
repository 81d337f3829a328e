package io.modelward.store.catalog.sql;

import io.modelward.core.problem.StartRefused;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.migration.JavaMigration;

/** Brings the catalog's tables up to this release, and refuses those of a newer one. */
public final class CatalogSchema {

    private CatalogSchema() {}

    /**
     * Migrates forward.
     *
     * @param engine the folder of migrations that belong to one kind of database: its tables up to version 8. Later
     *     ones are common to all
     * @param placeholders what differs between databases: {@code long} (a 64-bit integer type), {@code double}
     *     (an eight-byte float), {@code text} (text that is ordered by code point), {@code bytes} (a binary type) and
     *     {@code strict} (a table option)
     * @param own the engine's migrations that are written in Java
     * @throws StartRefused when the database was written by a newer release
     */
    public static void migrate(
            DataSource database, String engine, Map<String, String> placeholders, JavaMigration... own) {
        Flyway flyway = Flyway.configure(CatalogSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/catalog/" + engine, "classpath:db/catalog/common")
                .placeholders(placeholders)
                .javaMigrations(own)
                .load();
        for (MigrationInfo migration : flyway.info().all()) {
            if (migration.getState() == MigrationState.FUTURE_SUCCESS
                    || migration.getState() == MigrationState.FUTURE_FAILED) {
                throw new StartRefused(
                        "The data directory was written by a newer release of Modelward (its catalog is at version "
                                + migration.getVersion()
                                + "). Start that release, or restore a backup made by this one.");
            }
        }
        flyway.migrate();
    }
}
