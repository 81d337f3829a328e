package io.modelward.registry.backup;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.digest.Digest;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.route.RouteRevision;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.registry.verify.Verification;
import io.modelward.registry.verify.Verifier;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.data.Pairing;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A registry without doors: what it has, and what it was told and acknowledged. */
final class BackupPlace implements AutoCloseable {
    final DataDirectory data;
    final Catalog catalog;
    final DiskBlobStore blobs;
    final SegmentPredictionLog log;
    final Housekeeping housekeeping;
    final ArtifactService artifacts;
    final BackupService backups;
    final ExecutorService hashers = Executors.newSingleThreadExecutor();
    final Map<String, Digest> kept = new TreeMap<>();
    final Map<PredictionId, Digest> predicted = new java.util.HashMap<>();
    private final Random random;
    private final Path folder;
    long revision;

    BackupPlace(Path root, Path folder, long seed, Failpoints failpoints) throws Exception {
        this.folder = folder;
        random = new Random(seed);
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        data = DataDirectory.open(disk, root);
        catalog = SqliteCatalog.open(data.catalog(), Failpoints.NONE);
        Pairing.require(data, catalog, true);
        blobs = new DiskBlobStore(disk, data.blobs());
        log = new SegmentPredictionLog(disk, data.predictions(), 256, Instant::now);
        // Its uploads are old at once, so that each round removes what nothing names any more.
        housekeeping = new Housekeeping(catalog, blobs, () -> Instant.now().plus(Duration.ofDays(3)));
        artifacts = new ArtifactService(BackupTest.EVERYONE, catalog, blobs, Instant::now, ModelFormats.python());
        backups = new BackupService(
                BackupTest.EVERYONE,
                new BackupSource(
                        new LocalDisk(failpoints),
                        new Storage(catalog, blobs, log, Failpoints.NONE),
                        root,
                        true,
                        housekeeping,
                        "1"),
                new BackupSettings(Optional.empty(), Optional.empty(), Optional.empty()),
                Instant::now);
        revision = catalog.read(tx -> tx.routes().known("iris"))
                .map(endpoint -> endpoint.revision())
                .orElse(0L);
    }

    void put(String path, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (ArtifactUpload upload = artifacts.upload(ArtifactPath.parse(path))) {
            upload.write(ByteBuffer.wrap(bytes));
            upload.finish();
        }
        kept.put(path, Digest.of(bytes));
    }

    void move() {
        catalog.write(tx -> {
            if (revision == 0) {
                tx.routes().insertEndpoint("iris", Instant.EPOCH);
            }
            var change = BackupTest.ADA.change(Instant.now(), "");
            tx.routes()
                    .insertRevision(RouteRevision.read(
                            "iris", revision + 1, "flip", "[]", "{}", revision == 0, Optional.empty(), change));
            tx.audit().append(change, "endpoint.flip", "iris", Json.object().put("revision", revision + 1));
            return true;
        });
        revision++;
    }

    void predict() {
        var claim = log.claim();
        Digest input = Digest.of(claim.id().toString().getBytes(StandardCharsets.UTF_8));
        claim.write(new DecisionRecord(
                Instant.now(),
                catalog.read(tx -> tx.routes().known("iris")).orElseThrow().number(),
                revision,
                (byte) 0,
                (byte) 1,
                200,
                1,
                1,
                input,
                input,
                Optional.empty()));
        if (claim.kept()) {
            predicted.put(claim.id(), input);
        }
    }

    /** Predicts until the first segment takes no more records and the second one has some. */
    void fillSegment() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!log.isSealed(1) || predicted.keySet().stream().noneMatch(one -> one.segment() == 2)) {
            predict();
            if (System.nanoTime() > end) {
                throw new AssertionError("the first segment is never full");
            }
            TimeUnit.MICROSECONDS.sleep(200);
        }
    }

    void doSomething(int i) throws Exception {
        switch (random.nextInt(6)) {
            case 0, 1 -> put("1/run/f" + random.nextInt(20), "content " + random.nextInt(30));
            case 2 -> {
                String path = "1/run/f" + random.nextInt(20);
                if (kept.remove(path) != null) {
                    artifacts.delete(ArtifactPath.parse(path), BackupTest.ADA);
                }
            }
            case 3 -> move();
            case 4 -> housekeeping.run();
            default -> {
                for (int n = 0; n < 30; n++) {
                    predict();
                }
            }
        }
        if (i % 5 == 0) {
            new AuditSequencer(catalog).run();
        }
    }

    BackupStatus backUp() throws Exception {
        return backUp(BackupTest.into(folder));
    }

    BackupStatus backUp(BackupService.Wish wish) throws Exception {
        backups.start(wish, BackupTest.ADA);
        backups.await();
        return backups.last().orElseThrow();
    }

    Verification verify() {
        return new Verifier(BackupTest.EVERYONE, catalog, blobs, log, hashers).all();
    }

    @Override
    public void close() throws IOException {
        backups.close();
        log.close();
        catalog.close();
        data.close();
        hashers.shutdownNow();
    }
}
