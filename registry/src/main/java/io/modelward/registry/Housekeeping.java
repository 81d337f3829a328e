package io.modelward.registry;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets drafts that ended and removes blobs that nothing refers to: what uploads left that were never published. A young blob is
 * left alone, since its upload may be about to name it.
 */
public final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration YOUNG = Duration.ofHours(24);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;

    public Housekeeping(Catalog catalog, BlobStore blobs, InstantSource clock) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Does one round; blocking. */
    public void run() throws IOException {
        List<String> expired = catalog.read(tx -> tx.drafts().expired(clock.instant()));
        if (!expired.isEmpty()) {
            catalog.write(tx -> {
                expired.forEach(tx.drafts()::delete);
                return true;
            });
        }
        int removed = 0;
        try (Stream<Digest> old = blobs.list(clock.instant().minus(YOUNG))) {
            for (Digest blob : (Iterable<Digest>) old::iterator) {
                removed += catalog.write(tx -> removeUnreferenced(tx, blob));
            }
        }
        if (removed > 0) {
            LOG.info("removed {} blobs that nothing refers to", removed);
        }
    }

    /** In the writing transaction: an upload that names the blob comes before it and keeps it, or after it and finds it gone. */
    private int removeUnreferenced(CatalogTransaction tx, Digest blob) {
        if (tx.versions().refersTo(blob)) {
            return 0;
        }
        try {
            blobs.delete(blob);
            return 1;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
