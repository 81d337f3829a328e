package io.modelward.registry;

import io.modelward.core.digest.Digest;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets drafts that ended, and removes blobs that nothing names: the files of uploads that were never published. A
 * blob is condemned in a transaction, then its bytes are removed outside of any transaction, then its row. The next
 * round does the work that a round left undone.
 */
public final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int AT_ONCE = 200;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;

    public Housekeeping(Catalog catalog, BlobStore blobs, InstantSource clock) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Does one round; blocking. */
    public synchronized void run() throws IOException {
        Instant now = clock.instant();
        List<String> expired = catalog.read(tx -> tx.drafts().expired(now));
        if (!expired.isEmpty()) {
            catalog.write(tx -> {
                expired.forEach(tx.drafts()::delete);
                return true;
            });
        }
        Instant young = now.minus(BlobIntake.YOUNG);
        int removed = removeCondemned();
        while (condemnUnnamed(young, now)) {
            removed += removeCondemned();
        }
        removed += removeStrays(young, now);
        if (removed > 0) {
            LOG.info("removed {} blobs that nothing refers to", removed);
        }
    }

    /** Condemns some of the blobs that nothing names, and answers whether there were any. */
    private boolean condemnUnnamed(Instant young, Instant now) {
        List<Digest> unnamed = catalog.read(tx -> tx.blobs().unnamed(young, AT_ONCE));
        if (unnamed.isEmpty()) {
            return false;
        }
        // The transaction looks again at each of them.
        catalog.write(tx -> {
            tx.blobs().condemn(unnamed, young, now);
            return true;
        });
        return true;
    }

    /**
     * Ends removals that were begun; blocking. Bytes that cannot be removed stay condemned and are tried again by the
     * next call; only when there are 200 of them do they hold up others.
     *
     * @return how many blobs were removed
     */
    public synchronized int removeCondemned() {
        int removed = 0;
        for (List<Digest> some = condemned(); !some.isEmpty(); some = condemned()) {
            List<Digest> gone = new ArrayList<>();
            for (Digest blob : some) {
                try {
                    blobs.delete(blob);
                    gone.add(blob);
                } catch (IOException failure) {
                    LOG.warn("the blob {} cannot be removed and is tried again: {}", blob, failure.toString());
                }
            }
            forget(gone);
            removed += gone.size();
            if (gone.size() < some.size()) {
                break;
            }
        }
        return removed;
    }

    private List<Digest> condemned() {
        return catalog.read(tx -> tx.blobs().condemned(AT_ONCE));
    }

    private void forget(List<Digest> removed) {
        catalog.write(tx -> {
            tx.blobs().forget(removed);
            return true;
        });
    }

    /**
     * Blobs without a row: their upload ended between the bytes and the transaction that names them. The store looks at
     * the age of the bytes and removes them in one step, so that an upload of the same bytes a moment ago keeps them.
     */
    private int removeStrays(Instant young, Instant now) throws IOException {
        int removed = 0;
        try (Stream<Digest> old = blobs.list(young)) {
            Iterator<Digest> each = old.iterator();
            List<Digest> some = new ArrayList<>();
            while (each.hasNext()) {
                some.add(each.next());
                if (some.size() == AT_ONCE || !each.hasNext()) {
                    removed += removeStrays(some, young, now);
                    some = new ArrayList<>();
                }
            }
        }
        return removed;
    }

    private int removeStrays(List<Digest> some, Instant young, Instant now) throws IOException {
        List<Digest> unknown = catalog.read(tx ->
                some.stream().filter(blob -> tx.blobs().find(blob).isEmpty()).toList());
        if (unknown.isEmpty()) {
            return 0;
        }
        List<Digest> strays = catalog.write(tx -> unknown.stream()
                .filter(blob -> tx.blobs().condemnStray(blob, now))
                .toList());
        int removed = 0;
        for (Digest blob : strays) {
            removed += blobs.deleteIfOlder(blob, young) ? 1 : 0;
        }
        forget(strays);
        return removed;
    }
}
