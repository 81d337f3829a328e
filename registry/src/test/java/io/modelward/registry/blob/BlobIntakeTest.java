package io.modelward.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.format.ModelFormats;
import io.modelward.registry.Actor;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.sql.SqlTransaction;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads and sweeps of the same bytes. */
class BlobIntakeTest {

    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private final ReadWriteLock finishing = new ReentrantReadWriteLock();
    private final AtomicLong ahead = new AtomicLong();
    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private ArtifactService artifacts;
    private Housekeeping housekeeping;

    private Instant now() {
        return Instant.now().plusSeconds(ahead.get());
    }

    private void passDays(int days) {
        ahead.addAndGet(Duration.ofDays(days).toSeconds());
    }

    @BeforeEach
    void open() throws IOException {
        catalog = RerunCatalog.open(directory.resolve("catalog"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        artifacts =
                new ArtifactService(new Access(Authorizer.EVERYONE), catalog, blobs, this::now, ModelFormats.python());
        housekeeping = new Housekeeping(catalog, blobs, this::now);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private Digest put(String path, String content) throws IOException {
        try (ArtifactUpload upload = artifacts.upload(ArtifactPath.parse(path))) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            finishing.readLock().lock();
            try {
                return upload.finish().sha256();
            } finally {
                finishing.readLock().unlock();
            }
        }
    }

    private Optional<Blobs.Row> row(Digest blob) {
        return catalog.read(tx -> tx.blobs().find(blob));
    }

    @Test
    void what_nothing_names_any_more_is_removed_with_its_row_after_a_day() throws IOException {
        Digest blob = put("1/r/f", "bytes");
        artifacts.delete(ArtifactPath.parse("1/r/f"), ADA);
        housekeeping.run();
        assertThat(row(blob)).isPresent();
        passDays(2);
        housekeeping.run();
        assertThat(row(blob)).isEmpty();
        assertThat(blobs.size(blob)).isEmpty();
    }

    @Test
    void a_removal_that_was_interrupted_is_done_by_the_next_round() throws IOException {
        Digest blob = put("1/r/f", "bytes");
        artifacts.delete(ArtifactPath.parse("1/r/f"), ADA);
        passDays(2);
        catalog.write(tx -> {
            tx.blobs().condemn(List.of(blob), now().minus(BlobIntake.YOUNG), now());
            return true;
        });
        housekeeping.run();
        assertThat(row(blob)).isEmpty();
        assertThat(blobs.size(blob)).isEmpty();
    }

    @Test
    void an_upload_of_bytes_that_are_being_removed_waits_until_they_are_gone() throws Exception {
        Digest blob = put("1/r/f", "bytes");
        artifacts.delete(ArtifactPath.parse("1/r/f"), ADA);
        passDays(2);
        catalog.write(tx -> {
            tx.blobs().condemn(List.of(blob), now().minus(BlobIntake.YOUNG), now());
            return true;
        });
        CompletableFuture<Digest> upload = CompletableFuture.supplyAsync(() -> {
            try {
                return put("1/r/g", "bytes");
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        });
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(upload).isNotDone();
        housekeeping.run();
        assertThat(upload.get(10, TimeUnit.SECONDS)).isEqualTo(blob);
        assertThat(blobs.check(blob).intact()).isTrue();
        housekeeping.run();
        assertThat(blobs.check(blob).intact()).isTrue();
    }

    @Test
    void an_old_blob_that_is_stored_again_is_young_before_it_is_named() throws IOException {
        Digest blob = put("1/r/f", "bytes");
        artifacts.delete(ArtifactPath.parse("1/r/f"), ADA);
        passDays(2);
        BlobIntake intake = new BlobIntake(catalog, blobs, this::now);
        try (var writer = intake.writer()) {
            writer.write(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8)));
            intake.keep(writer);
        }
        housekeeping.run();
        assertThat(row(blob)).isPresent();
        assertThat(blobs.check(blob).intact()).isTrue();
    }

    @Test
    void bytes_whose_upload_ended_before_they_were_named_are_removed_after_a_day() throws IOException {
        Digest blob;
        try (var writer = blobs.writer()) {
            writer.write(ByteBuffer.wrap(new byte[] {1}));
            blob = writer.commit().digest();
        }
        housekeeping.run();
        assertThat(blobs.size(blob)).isPresent();
        passDays(2);
        housekeeping.run();
        assertThat(blobs.size(blob)).isEmpty();
        assertThat(row(blob)).isEmpty();
    }

    @Test
    void whatever_is_named_is_there_however_uploads_deletes_and_sweeps_fall_together() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        List<CompletableFuture<Integer>> uploads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int seed = i;
            uploads.add(CompletableFuture.supplyAsync(() -> work(new SplittableRandom(seed), "u" + seed, done)));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < end) {
            // Rows get old between uploads only: no upload takes days from storing its bytes to naming them.
            finishing.writeLock().lock();
            try {
                catalog.write(tx -> ((SqlTransaction) tx).handle().execute("UPDATE blobs SET since = 0"));
            } finally {
                finishing.writeLock().unlock();
            }
            housekeeping.run();
            List<Artifacts.Stored> named = catalog.read(tx -> tx.artifacts().stored("", 100));
            for (Artifacts.Stored file : named) {
                assertThat(blobs.size(Digest.parse(file.sha256())))
                        .as(file.path())
                        .isPresent();
            }
        }
        done.set(true);
        for (CompletableFuture<Integer> upload : uploads) {
            assertThat(upload.get(30, TimeUnit.SECONDS)).isGreaterThan(5);
        }
    }

    /** Puts and deletes files of few contents, so that all meet the same blobs. */
    private int work(SplittableRandom random, String name, AtomicBoolean done) {
        int kept = 0;
        while (!done.get()) {
            try {
                String path = "1/" + name + "/" + random.nextInt(3);
                put(path, "content " + random.nextInt(4));
                kept++;
                if (random.nextBoolean()) {
                    artifacts.delete(ArtifactPath.parse(path), ADA);
                }
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        }
        return kept;
    }
}
