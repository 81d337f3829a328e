package io.modelward.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.assembly.ServingServices;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.EndpointRemover;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.gateway.route.RouteTable;
import io.modelward.registry.Actor;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.version.VersionLookup;
import io.modelward.registry.version.VersionService;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests of moving endpoints have in common: a real catalog, and a fake runtime that notes every wrong use of a
 * model.
 */
abstract class GatewayTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    static final EndpointName IRIS = EndpointName.parse("iris");
    static final Actor ADA = new Actor("ada", false);
    static final byte[] ROW = "{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    final FakeRuntime runtime = new FakeRuntime();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ServingMetrics metrics = new ServingMetrics(registry);
    final ExecutorService hashers = Executors.newSingleThreadExecutor();
    RerunCatalog catalog;
    SegmentPredictionLog log;
    DraftService drafts;
    Publisher publisher;
    VersionService versions;
    VersionLookup lookup;
    ModelPool pool;
    RouteTable table;
    EndpointService endpoints;
    Mover mover;
    EndpointRemover remover;
    ServingServices serving;
    RegistryServices services;
    Predictor predictor;

    @BeforeEach
    void open() throws Exception {
        InstantSource clock = InstantSource.system();
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        DiskBlobStore blobs = new DiskBlobStore(disk, directory.resolve("blobs"));
        log = new SegmentPredictionLog(disk, directory.resolve("log"), 1 << 14, clock);
        Storage storage = new Storage(catalog, blobs, log, Failpoints.NONE);
        services = new RegistryServices(
                EVERYONE, storage, clock, new Random(1), Inspector.NONE, MemoryShare.unlimited(), hashers);
        serving = new ServingServices(
                EVERYONE, storage, services, runtime, clock, System::nanoTime, new Random(1), metrics, Runnable::run);
        drafts = services.drafts;
        publisher = services.publisher;
        versions = services.versions;
        lookup = services.versionLookup;
        pool = serving.pool;
        table = serving.table;
        endpoints = serving.endpoints;
        mover = serving.mover;
        remover = serving.remover;
        predictor = serving.predictor;
        publish("1.0.0", 2);
        publish("1.1.0", 2);
        publish("1.2.0", 2);
        publish("2.0.0", 3);
    }

    @AfterEach
    void close() {
        pool.close();
        runtime.close();
        hashers.shutdown();
        log.close();
        catalog.close();
    }

    void publish(String version, int width) throws Exception {
        String draft = drafts.create(ModelName.parse("iris"), ADA).draft().id();
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(version.getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        String card = "{\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":" + width
                + ",\"maxItems\":" + width + "}}";
        publisher.publish(
                draft,
                new PublishRequest(
                        new PublishRequest.Number.Exact(SemVer.parse(version)), Json.parse(card, "card"), "", ""),
                ADA);
    }

    EndpointView put(String version) {
        return mover.move(IRIS, move("flip", Optional.of(version), OptionalLong.empty(), false));
    }

    static Move move(String cause, Optional<String> version, OptionalLong expected, boolean changeContract) {
        return new Move(
                cause,
                version.map(_ -> ModelName.parse("iris")),
                version.map(Selector::parse),
                expected,
                changeContract,
                ADA,
                "because");
    }

    static Problem problem(Runnable action) {
        try {
            action.run();
        } catch (ProblemException problem) {
            return problem.problem();
        }
        throw new AssertionError("it was allowed");
    }

    String answer() {
        return new String(
                predictor.predict(Request.of("iris", ROW)).join().answer().whole(), StandardCharsets.UTF_8);
    }
}
