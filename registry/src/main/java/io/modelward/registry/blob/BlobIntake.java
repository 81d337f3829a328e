package io.modelward.registry.blob;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes content in so that no sweep removes a blob which is about to be named.
 *
 * <p>{@link #keep} gives the finished bytes their place, outside of any transaction. The transaction that names the
 * blob then calls {@link #name}. A sweep condemns only blobs that nothing names and that were last stored
 * {@link #YOUNG} ago, or the grace that a setting says; {@code keep} makes the row of an old blob young before the bytes are stored, and waits while the
 * blob is being removed.
 */
public final class BlobIntake {

    /** A blob that was stored less than this ago is left alone, unless a setting says another time: somebody may be about to name it. */
    public static final Duration YOUNG = Duration.ofHours(24);

    private static final Duration REMOVAL = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 50;

    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final Duration grace;

    public BlobIntake(Catalog catalog, BlobStore blobs, InstantSource clock) {
        this(catalog, blobs, clock, YOUNG);
    }

    /** @param grace in the place of {@link #YOUNG}; the sweeps of the same store must have the same */
    public BlobIntake(Catalog catalog, BlobStore blobs, InstantSource clock, Duration grace) {
        this.grace = grace;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Starts a blob. */
    public BlobWriter writer() throws IOException {
        return blobs.writer();
    }

    /**
     * Makes the blob durable; blocking. It stays without a name for the grace at least.
     *
     * @throws ProblemException of kind OVERLOADED when the same bytes are being removed for longer than some seconds
     */
    public BlobWriter.Stored keep(BlobWriter blob) throws IOException {
        awaitRemoval(blob.digest());
        return blob.commit();
    }

    private void awaitRemoval(Digest digest) {
        long end = System.nanoTime() + REMOVAL.toNanos();
        while (true) {
            Optional<Blobs.Row> row = catalog.read(tx -> tx.blobs().find(digest));
            if (row.isEmpty() || (row.get().state() == Blobs.State.PRESENT && isFarFromOld(row.get()))) {
                return;
            }
            if (row.get().state() == Blobs.State.PRESENT) {
                Instant now = clock.instant();
                if (catalog.write(tx -> tx.blobs().store(digest, row.get().size(), now))) {
                    return;
                }
            }
            if (System.nanoTime() > end) {
                throw Problem.of(
                                ProblemType.OVERLOADED,
                                "The same content is being removed. Send the file again in a moment.")
                        .with("retry_after", 1)
                        .exception();
            }
            pause();
        }
    }

    private boolean isFarFromOld(Blobs.Row row) {
        return row.since().isAfter(clock.instant().minus(grace.dividedBy(2)));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Notes within a transaction that the blob is there and is about to be named. */
    public static void name(CatalogTransaction tx, Digest digest, long size, Instant now) {
        if (!tx.blobs().store(digest, size, now)) {
            throw ProblemException.conflict("The file was removed while it was stored. Send it again.");
        }
    }
}
