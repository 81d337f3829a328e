package io.modelward.registry.collect;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.problem.ProblemException;
import io.modelward.registry.Actor;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.notification.Notices;
import io.modelward.registry.retention.RetentionPurge;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what nothing refers to: deleted versions let go of their bytes when their time to be brought back has ended,
 * then blobs that nothing names are removed. One collection at a time; the server does one each hour by itself.
 */
public final class GarbageCollection {

    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);
    private static final int AT_ONCE = 200;
    private static final String PAGE = "/ui/status";

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final InstantSource clock;
    private final Duration grace;
    private final Housekeeping housekeeping;
    private final RetentionPurge purge;
    private final AtomicReference<Status> status = new AtomicReference<>(Status.NEVER);

    /** @param grace for how long a blob that nothing names is left alone */
    public GarbageCollection(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            InstantSource clock,
            Duration grace,
            Housekeeping housekeeping,
            RetentionPurge purge) {
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
        this.grace = grace;
        this.housekeeping = housekeeping;
        this.purge = purge;
    }

    /**
     * How the last collection stands.
     *
     * @param begun empty: none since the start of the server
     * @param ended empty: it is under way
     * @param versions that let go of their bytes
     * @param blobs that were removed
     * @param bytes of those blobs
     * @param failed whether it ended before it was done; the next one goes on
     */
    public record Status(
            Optional<Instant> begun, Optional<Instant> ended, int versions, int blobs, long bytes, boolean failed) {

        static final Status NEVER = new Status(Optional.empty(), Optional.empty(), 0, 0, 0, false);

        public boolean running() {
            return begun.isPresent() && ended.isEmpty();
        }
    }

    /**
     * What a collection would do now.
     *
     * @param versions that would let go of their bytes
     * @param blobs that would be removed
     * @param bytes of those blobs
     * @param grace for how long a blob that nothing names is left alone
     */
    public record Estimate(long versions, long blobs, long bytes, Duration grace) {}

    public Status status() {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        return status.get();
    }

    /** Looks at what a collection would free; blocking. It changes nothing. */
    public Estimate estimate() {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        Instant now = clock.instant();
        Instant before = now.minus(grace);
        Blobs.Total named = catalog.read(tx -> tx.blobs().freeable(before, now));
        long versions = catalog.read(tx -> tx.retention().countDue(now));
        long count = named.blobs();
        long bytes = named.bytes();
        try (Stream<Digest> old = blobs.list(before)) {
            Iterator<Digest> each = old.iterator();
            List<Digest> some = new ArrayList<>();
            while (each.hasNext()) {
                some.add(each.next());
                if (some.size() == AT_ONCE || !each.hasNext()) {
                    for (Digest stray : strays(some)) {
                        count++;
                        bytes += blobs.size(stray).orElse(0);
                    }
                    some = new ArrayList<>();
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Estimate(versions, count, bytes, grace);
    }

    private List<Digest> strays(List<Digest> some) {
        return catalog.read(tx -> some.stream()
                .filter(blob ->
                        tx.blobs().find(blob).isEmpty() && !tx.versions().refersTo(blob))
                .toList());
    }

    /**
     * Begins a collection on a thread of its own and answers at once; {@link #status} tells how it goes.
     *
     * @throws ProblemException CONFLICT when one is under way
     */
    public Status begin(Actor actor, String reason) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        Change change = actor.change(clock.instant(), reason);
        Status begun =
                start().orElseThrow(() -> ProblemException.conflict("A collection is under way. Look at its status."));
        try {
            catalog.write(tx -> {
                tx.audit().append(change, "gc.run", "server", Json.object());
                return true;
            });
        } catch (RuntimeException failure) {
            status.set(ended(begun, 0, new Housekeeping.Swept(0, 0), true));
            throw failure;
        }
        Thread.ofVirtual().name("garbage-collection").start(() -> collect(begun));
        return begun;
    }

    /** Does a collection unless one is under way; blocking. What the server does by itself. */
    public void runByItself() {
        start().ifPresent(this::collect);
    }

    private Optional<Status> start() {
        Status begun = new Status(Optional.of(clock.instant()), Optional.empty(), 0, 0, 0, false);
        Status before = status.get();
        return !before.running() && status.compareAndSet(before, begun) ? Optional.of(begun) : Optional.empty();
    }

    private void collect(Status begun) {
        int versions = 0;
        Housekeeping.Swept swept = new Housekeeping.Swept(0, 0);
        boolean purged = false;
        boolean sweptAll = false;
        try {
            try {
                RetentionPurge.Purged round = purge.run();
                versions = round.versions();
                purged = round.failed() == 0;
            } catch (RuntimeException failure) {
                LOG.warn("deleted versions keep their bytes for now; the next collection goes on", failure);
            }
            // Blobs that nothing names are removed also when no version could let go of its own.
            try {
                swept = housekeeping.run();
                sweptAll = true;
            } catch (IOException | RuntimeException failure) {
                LOG.warn("a collection failed; the next one goes on", failure);
            }
        } finally {
            status.set(ended(begun, versions, swept, !purged || !sweptAll));
        }
        if (!purged || !sweptAll) {
            tell(purged);
        }
    }

    private void tell(boolean purged) {
        String text = purged
                ? "Blobs that nothing names could not be removed. The next collection tries again; the log of the"
                        + " server says why."
                : "Deleted versions could not give up their bytes. The next collection tries again; the log of the"
                        + " server says why.";
        try {
            Notices.put(
                    catalog,
                    Notice.of(
                            NotificationEvent.RETENTION_FAILED,
                            "collection",
                            "A collection failed",
                            text,
                            clock.instant(),
                            PAGE));
        } catch (RuntimeException away) {
            LOG.warn("nobody can be notified that a collection failed: {}", away.getMessage());
        }
    }

    private Status ended(Status begun, int versions, Housekeeping.Swept swept, boolean failed) {
        return new Status(begun.begun(), Optional.of(clock.instant()), versions, swept.blobs(), swept.bytes(), failed);
    }
}
