package io.modelward.registry.notification;

import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Tells when the disk of the data directory is nearly full: below 5 % or 1 GiB. It tells once, and again only after the
 * disk had half as much again.
 */
public final class DiskWatch {

    private static final long LEAST = 1L << 30;
    private static final double LEAST_PART = 0.05;
    private static final double ENOUGH = 1.5;

    /** How much of the disk there is, in bytes. */
    public record Space(long free, long total) {}

    /** Measures the disk. */
    @FunctionalInterface
    public interface Gauge {

        Space space() throws IOException;

        /** Of the disk that a directory is on. */
        static Gauge of(Path directory) {
            return () -> {
                FileStore store = Files.getFileStore(directory);
                return new Space(store.getUsableSpace(), store.getTotalSpace());
            };
        }
    }

    private final Catalog catalog;
    private final Gauge gauge;
    private final InstantSource clock;
    private boolean low;

    public DiskWatch(Catalog catalog, Gauge gauge, InstantSource clock) {
        this.catalog = catalog;
        this.gauge = gauge;
        this.clock = clock;
    }

    /** One look, by one thread at a time. */
    public synchronized void look() throws IOException {
        Space space = gauge.space();
        double least = Math.max((double) LEAST, LEAST_PART * (double) space.total());
        if (low) {
            low = space.free() < ENOUGH * least;
        } else if (space.free() < least) {
            Notices.put(catalog, notice(space));
            low = true;
        }
    }

    private Notice notice(Space space) {
        long mebibytes = space.free() >> 20;
        return Notice.of(
                        NotificationEvent.DISK_LOW,
                        "disk",
                        "The disk of the data directory has " + mebibytes + " MiB left",
                        "Free some of it, or make it larger. When it is full, nothing can be published or changed;"
                                + " predictions go on.",
                        clock.instant(),
                        "/ui/status")
                .fact("Free", mebibytes + " MiB")
                .fact("Size", (space.total() >> 20) + " MiB");
    }
}
