package io.modelward.jobs;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A catalog that is away for as many calls as a test says, and counts what is written. */
final class FaultyCatalog implements Catalog {

    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    private final Catalog catalog;

    FaultyCatalog(Catalog catalog) {
        this.catalog = catalog;
    }

    private void pass() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw Problem.of(ProblemType.UNAVAILABLE, "The catalog is away.").exception();
        }
    }

    @Override
    public <T> T read(Function<CatalogTransaction, T> unit) {
        pass();
        return catalog.read(unit);
    }

    @Override
    public <T> T write(Function<CatalogTransaction, T> unit) {
        pass();
        writes.incrementAndGet();
        return catalog.write(unit);
    }

    @Override
    public void close() {
        catalog.close();
    }
}
