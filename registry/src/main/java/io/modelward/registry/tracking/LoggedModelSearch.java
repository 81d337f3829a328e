package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Reach;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;

/** Searches logged models by what they are and what was measured on them. */
public final class LoggedModelSearch {

    private final Access access;
    private final Catalog catalog;

    public LoggedModelSearch(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    public Page<LoggedModelView> search(LoggedModelQuery query) {
        Reach reach = Checks.mayRead(access, query.experiments());
        var search = query.search().within(reach);
        return catalog.read(tx -> {
            var found = tx.loggedModels().search(search, query.datasets());
            return new Page<>(
                    LoggedModelView.of(tx, found.items()), found.next().map(query::token));
        });
    }
}
