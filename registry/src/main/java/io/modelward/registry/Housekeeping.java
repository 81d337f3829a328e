package io.modelward.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.digest.Digest;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets drafts that ended, and removes blobs that nothing names: the files of uploads that were
 * never published, and of versions that let go of theirs. A
 * blob is condemned in a transaction, then its bytes are removed outside of any transaction, then its row. The next
 * round does the work that a round left undone.
 */
public final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int AT_ONCE = 200;
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(1);

    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final Duration grace;

    @GuardedBy("this")
    private int holds;

    public Housekeeping(Catalog catalog, BlobStore blobs, InstantSource clock) {
        this(catalog, blobs, clock, BlobIntake.YOUNG);
    }

    /** @param grace for how long a blob that nothing names is left alone */
    public Housekeeping(Catalog catalog, BlobStore blobs, InstantSource clock, Duration grace) {
        this.grace = grace;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
    }

    /**
     * What was removed.
     *
     * @param bytes of the blobs
     */
    public record Swept(int blobs, long bytes) {

        Swept plus(Swept more) {
            return new Swept(blobs + more.blobs, bytes + more.bytes);
        }
    }

    /** Lets housekeeping go on. */
    @FunctionalInterface
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Holds housekeeping off until the hold is closed: no blob is condemned, none is removed. Waits for a round that
     * is under way, and first ends removals that were begun, so that no upload waits for them for as long as the hold
     * lasts.
     */
    public synchronized Hold hold() {
        if (holds == 0) {
            removeCondemned();
        }
        holds++;
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            synchronized (this) {
                if (held.getAndSet(false)) {
                    holds--;
                }
            }
        };
    }

    /**
     * Does a removal of another kind that must not fall into a hold either; blocking.
     *
     * @return whether the removal was done
     */
    public synchronized boolean unlessHeld(Runnable removal) {
        if (holds > 0) {
            return false;
        }
        removal.run();
        return true;
    }

    /** Does one round, unless it is held off; blocking. */
    public synchronized Swept run() throws IOException {
        if (holds > 0) {
            return new Swept(0, 0);
        }
        Instant now = clock.instant();
        List<String> expired = catalog.read(tx -> tx.drafts().expired(now));
        if (!expired.isEmpty()) {
            catalog.write(tx -> {
                expired.forEach(tx.drafts()::delete);
                return true;
            });
        }
        Instant young = now.minus(grace);
        Swept removed = removeCondemned();
        while (condemnUnnamed(young, now)) {
            removed = removed.plus(removeCondemned());
        }
        removed = removed.plus(removeStrays(young, now));
        if (removed.blobs() > 0) {
            LOG.info("removed {} blobs that nothing refers to, {} bytes", removed.blobs(), removed.bytes());
        }
        return removed;
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
     * @return what was removed
     */
    public synchronized Swept removeCondemned() {
        if (holds > 0) {
            return new Swept(0, 0);
        }
        Swept removed = new Swept(0, 0);
        for (List<Digest> some = condemned(); !some.isEmpty(); some = condemned()) {
            long begun = System.nanoTime();
            List<Digest> gone = new ArrayList<>();
            long bytes = 0;
            for (Digest blob : some) {
                try {
                    long size = blobs.size(blob).orElse(0);
                    blobs.delete(blob);
                    bytes += size;
                    gone.add(blob);
                } catch (IOException failure) {
                    LOG.warn("the blob {} cannot be removed and is tried again: {}", blob, failure.toString());
                }
            }
            forget(gone);
            removed = removed.plus(new Swept(gone.size(), bytes));
            if (gone.size() < some.size() || !rest(some, begun)) {
                break;
            }
        }
        return removed;
    }

    /** Rests as long as many removals took, so that a large sweep leaves the disk half of the time to others. */
    private static boolean rest(List<Digest> removed, long begun) {
        if (removed.size() < AT_ONCE) {
            return true;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_REST, System.nanoTime() - begun));
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
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
    private Swept removeStrays(Instant young, Instant now) throws IOException {
        Swept removed = new Swept(0, 0);
        try (Stream<Digest> old = blobs.list(young)) {
            Iterator<Digest> each = old.iterator();
            List<Digest> some = new ArrayList<>();
            while (each.hasNext()) {
                some.add(each.next());
                if (some.size() == AT_ONCE || !each.hasNext()) {
                    removed = removed.plus(removeStrays(some, young, now));
                    some = new ArrayList<>();
                }
            }
        }
        return removed;
    }

    private Swept removeStrays(List<Digest> some, Instant young, Instant now) throws IOException {
        List<Digest> unknown = catalog.read(tx ->
                some.stream().filter(blob -> tx.blobs().find(blob).isEmpty()).toList());
        if (unknown.isEmpty()) {
            return new Swept(0, 0);
        }
        List<Digest> strays = catalog.write(tx -> unknown.stream()
                .filter(blob -> tx.blobs().condemnStray(blob, now))
                .toList());
        Swept removed = new Swept(0, 0);
        for (Digest blob : strays) {
            long size = blobs.size(blob).orElse(0);
            removed = removed.plus(blobs.deleteIfOlder(blob, young) ? new Swept(1, size) : new Swept(0, 0));
        }
        forget(strays);
        return removed;
    }
}
