package io.modelward.registry.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.retention.RetentionRule;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.assembly.Keeping;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Publishes that share files, rules that delete versions and collections, all at once, some of them broken off. */
@Isolated
class GarbageRaceTest {

    private static final Actor ADA = new Actor("ada", false);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int PUBLISHERS = 3;
    private static final int SHARED = 12;

    @TempDir
    Path directory;

    private final ExecutorService hashers = Executors.newSingleThreadExecutor();
    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicReference<Random> breaking = new AtomicReference<>(new Random(5));
    private volatile boolean breaks = true;
    private SqliteCatalog catalog;
    private SegmentPredictionLog log;
    private DiskBlobStore blobs;
    private RegistryServices services;

    /** Breaks off one of about forty steps, as a crash would: what was done before it stays. */
    private void pass(String name) {
        boolean may = name.equals("publish.before-audit") || name.startsWith("retention.");
        if (may && breaks && breaking.get().nextInt(40) == 0) {
            broken.incrementAndGet();
            throw new IllegalStateException("broken off at " + name);
        }
    }

    private void passDisk(String name) {
        if (breaks && !name.startsWith("catalog.") && breaking.get().nextInt(200) == 0) {
            broken.incrementAndGet();
            throw new UncheckedIOException(new IOException("broken off at " + name));
        }
    }

    @BeforeEach
    void open() throws Exception {
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(this::passDisk), directory.resolve("blobs"));
        log = new SegmentPredictionLog(
                new LocalDisk(Failpoints.NONE), directory.resolve("log"), 1 << 10, InstantSource.system());
        services = new RegistryServices(
                new Access(Authorizer.EVERYONE),
                new Storage(catalog, blobs, log, this::pass),
                InstantSource.system(),
                new Random(1),
                Inspector.NONE,
                MemoryShare.unlimited(),
                hashers,
                new Keeping(Duration.ZERO, GRACE));
    }

    @AfterEach
    void close() {
        hashers.shutdown();
        log.close();
        catalog.close();
    }

    private void publish(ModelName model, int number, SplittableRandom random) throws IOException {
        String draft = services.drafts.create(model, ADA).draft().id();
        put(draft, "shared", "shared " + random.nextInt(SHARED));
        put(draft, "own", model + " " + number);
        services.publisher.publish(
                draft,
                new PublishRequest(new PublishRequest.Number.Next(Optional.empty()), Json.parse("{}", "card"), "", ""),
                ADA);
    }

    private void put(String draft, String path, String content) throws IOException {
        try (DraftUpload upload = services.drafts.upload(draft, FilePath.parse(path))) {
            upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
    }

    /** @return how many were published */
    private int publishAll(int publisher, int count) {
        SplittableRandom random = new SplittableRandom(publisher);
        ModelName model = ModelName.parse("m" + publisher);
        int published = 0;
        for (int i = 0; i < count; i++) {
            try {
                publish(model, i, random);
                published++;
            } catch (ProblemException | IllegalStateException | IOException | UncheckedIOException brokenOff) {
                // The next one goes on, as after a crash.
            }
        }
        return published;
    }

    private void collect() {
        for (int i = 0; i < PUBLISHERS; i++) {
            try {
                services.retention.run(ModelName.parse("m" + i), Optional.empty(), true, ADA, "");
            } catch (ProblemException | IllegalStateException | UncheckedIOException brokenOff) {
                // The next collection goes on.
            }
        }
        services.garbage.runByItself();
    }

    /** Every file of every version that is there must be there and whole. */
    private int requireWhole() throws IOException {
        List<PublishedVersion> versions = catalog.read(tx -> {
            List<VersionSummary> all = new ArrayList<>();
            tx.versions().forEach(version -> {
                if (version.active()) {
                    all.add(version);
                }
            });
            return all.stream()
                    .map(version -> tx.versions().find(version.id()).orElseThrow())
                    .toList();
        });
        for (PublishedVersion version : versions) {
            for (FileEntry file : version.manifest().files()) {
                assertThat(blobs.check(file.sha256()).intact())
                        .as(version.ref().reference() + " " + file.path().value())
                        .isTrue();
            }
        }
        return versions.size();
    }

    private void race(int each) throws Exception {
        services.retentionRules.setOfServer(new RetentionRule(4, false, Duration.ZERO, List.of()), ADA, "");
        List<CompletableFuture<Integer>> publishers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS);
        for (int i = 0; i < PUBLISHERS; i++) {
            int publisher = i;
            publishers.add(CompletableFuture.supplyAsync(() -> publishAll(publisher, each), threads));
        }
        while (publishers.stream().anyMatch(one -> !one.isDone())) {
            TimeUnit.MILLISECONDS.sleep(100);
            collect();
        }
        threads.shutdown();
        int published = 0;
        for (CompletableFuture<Integer> one : publishers) {
            published += one.get();
        }
        assertThat(published).isGreaterThan(PUBLISHERS * each / 2);
        assertThat(broken.get()).as("steps broken off").isGreaterThan(3);
        assertThat(requireWhole()).isPositive();
        breaks = false;
        // Drafts that were broken off end, then everything is older than the grace.
        catalog.write(tx -> {
            tx.drafts().expired(Instant.now().plus(Duration.ofDays(2))).forEach(tx.drafts()::delete);
            return true;
        });
        collect();
        TimeUnit.MILLISECONDS.sleep(GRACE.toMillis() + 100);
        collect();
        int kept = requireWhole();
        assertThat(kept).isBetween(PUBLISHERS, PUBLISHERS * 4);
        assertThat(services.garbage.status().failed()).isFalse();
        assertThat(services.garbage.status().ended()).isPresent();
        assertThat(services.garbage.estimate()).isEqualTo(new GarbageCollection.Estimate(0, 0, 0, GRACE));
        assertThat(stored()).isEqualTo(named());
    }

    private Set<Digest> stored() throws IOException {
        try (Stream<Digest> all = blobs.list(Instant.now().plus(Duration.ofDays(1)))) {
            return new HashSet<>(all.toList());
        }
    }

    private Set<Digest> named() {
        return catalog.read(tx -> {
            Set<Digest> all = new HashSet<>();
            tx.versions().forEach(version -> {
                if (version.active()) {
                    tx.versions().find(version.id()).orElseThrow().manifest().files().stream()
                            .map(FileEntry::sha256)
                            .forEach(all::add);
                }
            });
            return all;
        });
    }

    @Test
    void nothing_that_a_version_names_is_lost_and_nothing_else_is_left() throws Exception {
        race(100);
    }

    @Test
    @Tag("heavy")
    void nothing_is_lost_in_a_hundred_thousand_publishes() throws Exception {
        race(100_000 / PUBLISHERS);
    }
}
