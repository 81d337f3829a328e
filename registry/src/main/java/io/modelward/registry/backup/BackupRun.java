package io.modelward.registry.backup;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.registry.Housekeeping;
import io.modelward.store.backup.BackupWriting;
import io.modelward.store.backup.HashingCopy;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sqlite.SqliteSnapshot;
import io.modelward.store.disk.DiskFile;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.SegmentCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes one backup while the server works. Housekeeping is held off first, so that no blob that the copy of the catalog
 * names is removed before it is copied. Then the catalog is copied as it is at one moment; then the blobs that the copy
 * names, which never change; then the records of predictions, without those that were decided by a route revision that
 * the copy does not know; last the key, which is made before the catalog has a secret that it seals.
 */
final class BackupRun {

    private static final String CATALOG = "catalog.sqlite";
    private static final String SECRET_KEY = "secret-key";
    /** Rows that are read at once. */
    private static final int SLICE = 500;

    private final BackupSource source;
    private final BackupWriting writing;
    private final boolean catalogInside;
    private final InstantSource clock;
    private final BackupProgress progress;

    BackupRun(
            BackupSource source,
            BackupWriting writing,
            boolean catalogInside,
            InstantSource clock,
            BackupProgress progress) {
        this.source = source;
        this.writing = writing;
        this.catalogInside = catalogInside;
        this.clock = clock;
        this.progress = progress;
    }

    /** Reads a unit of the catalog that is backed up: of its copy, or of a catalog that is elsewhere. */
    private interface Reading {
        <T> T read(Function<CatalogTransaction, T> unit);
    }

    BackupManifest run() throws IOException {
        try (Housekeeping.Hold _ = source.housekeeping().hold()) {
            Instant point = clock.instant();
            if (!catalogInside) {
                return copy(point, new Reading() {
                    @Override
                    public <T> T read(Function<CatalogTransaction, T> unit) {
                        return source.storage().catalog().read(unit);
                    }
                });
            }
            if (writing.folder().isPlain()) {
                Path copy = writing.place(CATALOG);
                take(copy);
                writing.own(CATALOG, durable(copy));
                return copyOf(copy, point);
            }
            // The copy in clear lies beside the catalog itself, never in the folder of backups.
            BackupSource.remove(source.scratch());
            source.disk().createDirectories(source.scratch());
            try {
                Path copy = source.scratch().resolve(CATALOG);
                take(copy);
                writing.copyOwn(CATALOG, copy);
                return copyOf(copy, point);
            } finally {
                BackupSource.remove(source.scratch());
            }
        }
    }

    private void take(Path copy) throws IOException {
        SqliteSnapshot.take(source.catalog(), copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
    }

    private BackupManifest copyOf(Path catalog, Instant point) throws IOException {
        try (SqliteSnapshot snapshot = SqliteSnapshot.open(catalog)) {
            return copy(point, new Reading() {
                @Override
                public <T> T read(Function<CatalogTransaction, T> unit) {
                    return unit.apply(snapshot.tables());
                }
            });
        }
    }

    private BackupManifest copy(Instant point, Reading catalog) throws IOException {
        progress.began(point);
        Optional<BackupManifest.AuditPoint> audit = catalogInside
                ? catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1, "")).stream()
                        .findFirst()
                        .map(BackupRun::auditPoint)
                : Optional.empty();
        PredictionLog log = source.storage().predictions();
        progress.expect(
                catalog.read(tx -> tx.blobs().countPresent()) + log.segments().size());
        blobs(catalog);
        Map<Integer, Long> revisions = catalog.read(tx -> tx.routes().lastRevisions());
        // Segments that were begun meanwhile are there as well.
        for (int segment : log.segments()) {
            segment(segment, log.isSealed(segment), revisions);
            progress.looked(writing.unreadable());
        }
        if (Files.exists(source.secretKey())) {
            writing.copyOwn(SECRET_KEY, source.secretKey());
        }
        return writing.finish(source.release(), point, clock.instant(), catalogInside, audit);
    }

    private static BackupManifest.AuditPoint auditPoint(AuditEntry entry) {
        return new BackupManifest.AuditPoint(entry.sequence(), entry.change().at());
    }

    private HashingCopy.Copied durable(Path file) throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return HashingCopy.hash(source.disk(), file);
    }

    private void blobs(Reading catalog) throws IOException {
        String after = "";
        while (true) {
            String from = after;
            List<Blobs.Row> rows = catalog.read(tx -> tx.blobs().present(from, SLICE));
            if (rows.isEmpty()) {
                return;
            }
            for (Blobs.Row row : rows) {
                blob(row.blob(), row.size());
                progress.looked(writing.unreadable());
            }
            after = rows.getLast().blob().toString();
        }
    }

    private void blob(Digest digest, long size) throws IOException {
        Path file = source.blobs().resolveSibling(BackupFile.blob(digest));
        if (writing.blob(digest, size, file, progress::moved)) {
            progress.copied();
        }
    }

    private void segment(int number, boolean sealed, Map<Integer, Long> revisions) throws IOException {
        Path file = SegmentCopy.path(source.predictions(), number);
        SegmentCopy.Result result;
        try {
            if (sealed && writing.sharedSegment(number, HashingCopy.hash(source.disk(), file))) {
                return;
            }
            try (DiskFile out = writing.createSegment(number)) {
                result = SegmentCopy.copy(source.disk(), file, out, known(revisions));
            }
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(writing.place(BackupWriting.segment(number)));
            return;
        }
        if (SegmentCopy.isEmpty(result)) {
            Files.delete(writing.place(BackupWriting.segment(number)));
            return;
        }
        HashingCopy.Copied content = new HashingCopy.Copied(result.sha256(), result.size());
        progress.moved(result.size());
        progress.copied();
        if (sealed && result.left() == 0 && result.size() == Files.size(file)) {
            writing.shareSegment(number, content);
        } else {
            writing.own(BackupWriting.segment(number), content);
        }
    }

    /**
     * Revisions are numbered again after a restore: a record of one that the copy does not know would be taken for a
     * record of another.
     */
    private Predicate<DecisionRecord> known(Map<Integer, Long> revisions) {
        return record -> !catalogInside || record.revision() <= revisions.getOrDefault(record.endpoint(), -1L);
    }
}
