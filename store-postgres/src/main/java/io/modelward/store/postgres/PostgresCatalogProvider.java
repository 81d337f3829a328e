package io.modelward.store.postgres;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogProvider;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.failpoint.Failpoints;
import java.util.Set;

/** Opens catalogs in PostgreSQL 13 or newer: {@code postgresql://user@host:port/database}. */
public final class PostgresCatalogProvider implements CatalogProvider {

    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres");
    }

    @Override
    public Catalog open(CatalogSettings settings, Failpoints failpoints) {
        return PostgresCatalog.open(PostgresUrl.parse(settings), failpoints);
    }
}
