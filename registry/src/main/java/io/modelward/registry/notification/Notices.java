package io.modelward.registry.notification;

import io.modelward.core.notification.Notice;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;

/**
 * Takes notices from the services, within the transaction of the change that they tell of. So the notice of an undone
 * change does not exist, and the notice of a kept change is sent, whatever happens to the server. Nothing is sent here.
 */
public final class Notices {

    /** How many notices may wait to be given to channels; they wait for a quarter of a second. */
    static final long MOST_WAITING = 50_000;

    private Notices() {}

    /** Keeps the notice with the transaction. While there is no channel, nothing is kept. */
    public static void put(CatalogTransaction tx, Notice notice) {
        tx.noticeQueue().add(notice, MOST_WAITING);
    }

    /** As above, for what no change of the catalog tells of; in a transaction of its own, outside of any other. */
    public static void put(Catalog catalog, Notice notice) {
        catalog.write(tx -> {
            put(tx, notice);
            return true;
        });
    }
}
