package io.modelward.store.suite;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Runs each unit that writes, undoes it, and runs it again, as a database may do that meets another's change; reading
 * units run twice too. A unit that changes anything but the catalog, or leans on what an earlier run left, fails the
 * tests that use this catalog.
 */
public final class RerunCatalog implements Catalog {

    private final Catalog catalog;

    public RerunCatalog(Catalog catalog) {
        this.catalog = catalog;
    }

    /** A catalog in a file, whose units run twice. */
    public static RerunCatalog open(Path file, Failpoints failpoints) {
        return new RerunCatalog(SqliteCatalog.open(file, failpoints));
    }

    @Override
    public <T> T read(Function<CatalogTransaction, T> unit) {
        return catalog.read(tx -> {
            T first = unit.apply(tx);
            T second = unit.apply(tx);
            if (first != null && second != null && first.getClass() != second.getClass()) {
                throw new AssertionError("the unit answered " + first + " and then " + second);
            }
            return second;
        });
    }

    @Override
    public <T> T write(Function<CatalogTransaction, T> unit) {
        return catalog.write(tx -> {
            Handle handle = ((SqlTransaction) tx).handle();
            handle.execute("SAVEPOINT rerun");
            try {
                var unused = unit.apply(tx);
            } finally {
                handle.execute("ROLLBACK TO rerun");
                handle.execute("RELEASE rerun");
            }
            return unit.apply(tx);
        });
    }

    @Override
    public void close() {
        catalog.close();
    }
}
