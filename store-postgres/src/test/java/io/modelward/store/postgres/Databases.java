package io.modelward.store.postgres;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Databases with the tables of this release, for tests that need many. */
final class Databases {

    private static final Map<PostgresServer, String> TEMPLATES = new HashMap<>();

    private Databases() {}

    /** A database with tables and nothing in them. */
    static synchronized String fresh(PostgresServer server) {
        String template = TEMPLATES.computeIfAbsent(server, wanted -> {
            String name = server.create();
            open(server, name).close();
            return name;
        });
        return server.create(Optional.of(template));
    }

    static Catalog open(PostgresServer server, String database) {
        return open(server, database, Failpoints.NONE);
    }

    static Catalog open(PostgresServer server, String database, Failpoints failpoints) {
        return new PostgresCatalogProvider().open(settings(server.url(database)), failpoints);
    }

    static CatalogSettings settings(String url) {
        return new CatalogSettings(
                Path.of("/nowhere"), Optional.of(url), Optional.of(PostgresServer.PASSWORD), Map.of());
    }
}
