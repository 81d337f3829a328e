package io.modelward.gateway.rollout;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.assembly.ServingServices;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.registry.Actor;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.version.VersionLookup;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The gateway on a real catalog and a real prediction log, with a scripted runtime and clocks that a test turns. {@link
 * #crash} forgets all that is in memory, as a process that is killed does.
 */
final class GatewayFixture implements AutoCloseable {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    static final EndpointName IRIS = EndpointName.parse("iris");
    static final Actor ADA = new Actor("ada", false);

    final ScriptedRuntime runtime = new ScriptedRuntime();
    final RandomGenerator random;
    final SqliteCatalog catalog;
    final SegmentPredictionLog log;
    final VersionLookup versions;
    private final DiskBlobStore blobs;
    RegistryServices registry;
    /** The wall clock, in milliseconds. */
    long wall = 1_800_000_000_000L;
    /** The monotonic clock, unless it goes by itself. */
    long nanos = 1_000_000_000L;

    private final LongSupplier monotonic;
    /** The same after a crash: an id is given once. */
    private final Random draftIds = new Random(1);

    volatile Failpoints failpoints = Failpoints.NONE;
    /** What happens before the catalog writes for whoever serves. */
    volatile Runnable beforeWrite = () -> {};
    /** What happens after the catalog wrote for whoever serves. */
    volatile Runnable afterWrite = () -> {};
    /** Whether the catalog refuses to be read, as when too many wait for it. */
    volatile boolean unreadable;
    /** What happens before whoever serves reads the catalog. */
    volatile Runnable beforeRead = () -> {};

    ModelPool pool;
    RouteTable table;
    Mover mover;
    Predictor predictor;
    RolloutService rollouts;

    GatewayFixture(Path directory, long seed) throws Exception {
        this(directory, seed, Optional.empty());
    }

    /** @param clock the monotonic clock, when no test turns it by hand */
    GatewayFixture(Path directory, long seed, Optional<LongSupplier> clock) throws Exception {
        random = new Random(seed);
        monotonic = clock.orElse(() -> nanos);
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        catalog = SqliteCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(disk, directory.resolve("blobs"));
        log = new SegmentPredictionLog(disk, directory.resolve("log"), 1 << 16, InstantSource.system());
        versions = new VersionLookup(catalog, blobs);
        open();
    }

    private void open() {
        InstantSource clock = () -> Instant.ofEpochMilli(wall);
        Storage storage = new Storage(new RerunCatalog(readable()), blobs, log, point -> failpoints.pass(point));
        registry = new RegistryServices(
                EVERYONE,
                new Storage(new RerunCatalog(catalog), blobs, log, Failpoints.NONE),
                InstantSource.system(),
                draftIds,
                Inspector.NONE,
                MemoryShare.unlimited(),
                ForkJoinPool.commonPool());
        ServingServices serving = new ServingServices(
                EVERYONE,
                storage,
                registry,
                runtime,
                clock,
                monotonic,
                random,
                new ServingMetrics(new SimpleMeterRegistry()),
                Runnable::run);
        pool = serving.pool;
        table = serving.table;
        mover = serving.mover;
        predictor = serving.predictor;
        rollouts = serving.rollouts;
    }

    private Catalog readable() {
        return new Catalog() {
            @Override
            public <T> T read(Function<CatalogTransaction, T> unit) {
                if (unreadable) {
                    throw Problem.of(ProblemType.OVERLOADED, "too many wait").exception();
                }
                beforeRead.run();
                return catalog.read(unit);
            }

            @Override
            public <T> T write(Function<CatalogTransaction, T> unit) {
                beforeWrite.run();
                T written = catalog.write(unit);
                afterWrite.run();
                return written;
            }

            @Override
            public void close() {
                catalog.close();
            }
        };
    }

    /** Begins anew on what the catalog keeps. */
    void crash() {
        open();
        new RouteRestorer(catalog, pool, table).restore();
        rollouts.driver().restore();
    }

    /** Ends in good order and begins anew. */
    void restart() {
        rollouts.driver().close();
        crash();
    }

    void publish(String version) throws Exception {
        DraftService drafts = registry.drafts;
        String draft = drafts.create(ModelName.parse("iris"), ADA).draft().id();
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(version.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        String card =
                "{\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,\"maxItems\":2}}";
        registry.publisher.publish(
                draft,
                new PublishRequest(
                        new PublishRequest.Number.Exact(SemVer.parse(version)), Json.parse(card, "card"), "", ""),
                ADA);
    }

    void serve(String version) {
        serve(IRIS, version);
    }

    void serve(EndpointName endpoint, String version) {
        mover.move(
                endpoint,
                new Move(
                        "flip",
                        Optional.of(ModelName.parse("iris")),
                        Optional.of(Selector.parse(version)),
                        OptionalLong.empty(),
                        false,
                        ADA,
                        "because"));
    }

    /** @param plan JSON with single quotes */
    RolloutStart wish(String version, String plan, boolean supersede, Optional<String> key) {
        return wish(IRIS, version, plan, supersede, key);
    }

    RolloutStart wish(EndpointName endpoint, String version, String plan, boolean supersede, Optional<String> key) {
        String json = plan.replace('\'', '"');
        return new RolloutStart(
                endpoint,
                Optional.empty(),
                Selector.parse(version),
                PlanReader.read(Json.parse(json, "plan")),
                supersede,
                OptionalLong.empty(),
                key,
                version + json,
                ADA,
                "because");
    }

    String start(String version, String plan) {
        return rollouts.start(wish(version, plan, false, Optional.empty()))
                .rollout()
                .id();
    }

    /** The ticks that are kept. */
    List<ScoredTick> ticks(String id) {
        List<ScoredTick> ticks = new ArrayList<>();
        catalog.read(tx -> {
            tx.rollouts().forEachTick(id, 0, Long.MAX_VALUE, ticks::add);
            return true;
        });
        return ticks;
    }

    /** Lets time pass on the monotonic clock, then ticks. */
    void tick(long millis) {
        nanos += millis * 1_000_000;
        rollouts.driver().tick();
    }

    @Override
    public void close() {
        pool.close();
        log.close();
        catalog.close();
    }
}
