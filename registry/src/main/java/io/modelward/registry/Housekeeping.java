package io.modelward.registry;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
        Instant young = clock.instant().minus(YOUNG);
        int removed = 0;
        try (Stream<Digest> old = blobs.list(young)) {
            for (Digest blob : (Iterable<Digest>) old::iterator) {
                removed += removeUnreferenced(blob, young) ? 1 : 0;
            }
        }
        if (removed > 0) {
            LOG.info("removed {} blobs that nothing refers to", removed);
        }
    }

    /**
     * Decides on what is committed, and removes outside of any transaction: one that is undone cannot bring bytes back. Whoever names
     * a blob stored it a moment before, which made it young, so that it is left alone however this look at the catalog and that
     * upload fall together.
     */
    private boolean removeUnreferenced(Digest blob, Instant young) throws IOException {
        return !catalog.read(tx -> tx.versions().refersTo(blob)) && blobs.deleteIfOlder(blob, young);
    }
}
