package io.modelward.store.catalog.sqlite;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogProvider;
import io.modelward.store.catalog.CatalogSettings;
import io.modelward.store.failpoint.Failpoints;
import java.util.Set;

/**
 * Opens the catalog in the file {@code catalog.sqlite} of the data directory, the place of the catalog when no setting
 * names another.
 */
public final class SqliteCatalogProvider implements CatalogProvider {

    @Override
    public Set<String> schemes() {
        return Set.of("sqlite");
    }

    @Override
    public Catalog open(CatalogSettings settings, Failpoints failpoints) {
        if (settings.url().filter(url -> !url.equals("sqlite:")).isPresent()) {
            throw new StartRefused("catalog.url is sqlite: alone: the file lies in the data directory.");
        }
        return SqliteCatalog.open(settings.file(), failpoints);
    }
}
