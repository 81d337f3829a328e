package io.modelward.store.catalog;

import io.modelward.store.failpoint.Failpoints;
import java.util.Set;

/** Opens catalogs of one kind of database. The kind is chosen by the scheme of {@code catalog.url}. */
public interface CatalogProvider {

    /** The words before the colon of the URLs that this provider opens, in lower case. */
    Set<String> schemes();

    /**
     * Opens the catalog, making or migrating its tables. Once it is open, nobody else writes to it.
     *
     * @throws io.modelward.core.problem.StartRefused with a sentence for the operator
     */
    Catalog open(CatalogSettings settings, Failpoints failpoints);
}
