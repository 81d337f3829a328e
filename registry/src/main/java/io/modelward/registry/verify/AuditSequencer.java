package io.modelward.registry.verify;

import io.modelward.store.catalog.Catalog;

/**
 * Puts audit entries into their chain, some time after they were committed: each entry's hash then includes the one
 * before, so that an entry that was changed or removed is found. A catalog has one sequencer, since a chain has one
 * end. It works in batches, so that a commit costs no second sync.
 */
public final class AuditSequencer {

    /** Few enough that the catalog's writer is not held up. */
    private static final int BATCH = 200;

    private final Catalog catalog;

    public AuditSequencer(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Chains what is there and not chained yet; blocking. */
    public void run() {
        while (catalog.read(tx -> tx.rowChecks().waiting())) {
            catalog.write(tx -> tx.rowChecks().chain(BATCH));
        }
    }
}
