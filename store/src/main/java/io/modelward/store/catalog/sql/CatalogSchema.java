package io.modelward.store.catalog.sql;

import io.modelward.core.problem.StartRefused;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** Brings the catalog's tables up to this release, and refuses those of a newer one. */
public final class CatalogSchema {

    private CatalogSchema() {}

    /**
     * Migrates forward.
     *
     * @param placeholders what differs between databases: {@code long} (a 64-bit integer type), {@code double}
     *     (an eight-byte float), {@code bytes} (a binary type) and {@code strict} (a table option)
     * @throws StartRefused when the database was written by a newer release
     */
    public static void migrate(DataSource database, Map<String, String> placeholders) {
        Flyway flyway = Flyway.configure(CatalogSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/catalog")
                .placeholders(placeholders)
                .javaMigrations(new NameSkeletons())
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
