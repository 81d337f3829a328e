package io.modelward.app;

import io.modelward.core.manifest.Manifest;
import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelEnvironments;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ModelReviver;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.status.StatusService;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.AuditService;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.compare.CompareService;
import io.modelward.registry.model.ModelNames;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.registry.verify.Verifier;
import io.modelward.registry.version.VersionService;
import io.modelward.runtime.Inspection;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.python.PythonRuntime;
import io.modelward.server.api.AliasesDoor;
import io.modelward.server.api.DraftsDoor;
import io.modelward.server.api.EndpointsDoor;
import io.modelward.server.api.FilesDoor;
import io.modelward.server.api.HealthDoor;
import io.modelward.server.api.ModelsDoor;
import io.modelward.server.api.PredictDoor;
import io.modelward.server.api.RecordsDoor;
import io.modelward.server.api.RolloutsDoor;
import io.modelward.server.http.HttpServer;
import io.modelward.server.http.RequestMemory;
import io.modelward.server.http.Route;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.sqlite.NativeLibraries;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server, put together. What is opened is closed in the opposite order, also when the start fails half-way. */
public final class Application implements AutoCloseable {

    public static final String RELEASE = "0.1.0";
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    /** How long publishing waits to learn of a model's signature: on a new machine the environment to look at it in is built first. */
    private static final Duration INSPECTION = Duration.ofSeconds(90);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Route.Table routes = new Route.Table();
    private final String address;
    private final PythonRuntime runtime;

    /**
     * Starts everything; when it returns, requests are served.
     *
     * @throws StartRefused with a sentence for the operator
     */
    public Application(Settings settings) throws IOException {
        try {
            InstantSource clock = InstantSource.system();
            Failpoints failpoints = failpoints(settings);
            Telemetry telemetry = open(new Telemetry(RELEASE));
            ServingMetrics metrics = new ServingMetrics(telemetry.registry());
            MemoryBudget budget = new MemoryBudget(LOG::warn);
            RequestMemory memory = RequestMemory.of(budget, Runtime.getRuntime().maxMemory());
            telemetry.memory(budget);
            Disk disk = new LocalDisk(failpoints);
            DataDirectory data = open(DataDirectory.open(disk, settings.data().directory()));
            NativeLibraries.removeLeftovers();
            SqliteCatalog catalog = open(SqliteCatalog.open(data.catalog(), failpoints));
            warnOfReservedNamespaces(catalog);
            DiskBlobStore blobs = new DiskBlobStore(disk, data.blobs());
            SegmentPredictionLog log = open(new SegmentPredictionLog(
                    disk, data.predictions(), settings.predictions().segmentRecords(), clock));
            Pools pools = open(Pools.create());
            this.runtime = open(PythonRuntime.open(settings.runtime()));

            VersionService versions = new VersionService(catalog, blobs);
            Verifier verifier = new Verifier(catalog, blobs, log, pools.verifiers());
            ModelPool models = open(new ModelPool(runtime, versions));
            RouteTable table = new RouteTable(models, new ArmMetrics(metrics));
            EndpointService endpoints = new EndpointService(catalog, table);
            Mover mover = new Mover(catalog, models, table, endpoints, clock, failpoints);
            open(reviver(models));
            RouteRestorer restorer = new RouteRestorer(catalog, models, table);
            restorer.restore();
            RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
            RolloutService rollouts =
                    new RolloutService(catalog, models, table, clock, System::nanoTime, random, failpoints);
            open(rollouts.driver()).restore();
            rollouts.driver().start();
            keepHouse(new Housekeeping(catalog, blobs, clock), new AuditSequencer(catalog));

            new HealthDoor(RELEASE, clock.instant(), new StatusService(catalog, restorer, runtime, models, log))
                    .open(routes);
            telemetry.door(models, rollouts.driver(), log, pools.files()).open(routes);
            new ModelsDoor(versions, new CompareService(catalog), new ModelEnvironments(runtime, versions))
                    .open(routes);
            new FilesDoor(versions, pools.files()).open(routes);
            Inspector inspector = inspector(versions);
            new DraftsDoor(
                            new DraftService(catalog, blobs, clock, new SecureRandom()),
                            new Publisher(catalog, blobs, clock, failpoints, inspector, memory.documents()),
                            pools.hashers())
                    .open(routes);
            WebhookParts webhooks = open(WebhookParts.open(
                    catalog, new SecretBox(disk, data.secretKey(), new SecureRandom()), clock, settings.webhooks()));
            AliasService aliases = new AliasService(catalog, clock, failpoints);
            new AliasesDoor(aliases).open(routes);
            new EndpointsDoor(endpoints, mover).open(routes);
            new RolloutsDoor(rollouts).open(routes);
            new RecordsDoor(new TraceService(catalog, log, versions, verifier), new AuditService(catalog), verifier)
                    .open(routes);
            new PredictDoor(new Predictor(table, log, clock, metrics, pools.answers()), pools.rows(), memory)
                    .open(routes);
            MlflowParts.door(
                            catalog,
                            blobs,
                            aliases,
                            webhooks.service(),
                            inspector,
                            clock,
                            failpoints,
                            pools,
                            memory,
                            rollouts.watch())
                    .open(routes, memory.mlflow());
            Settings.Server server = settings.server();
            this.address = open(new HttpServer(
                            server.host(),
                            server.port(),
                            server.hosts(),
                            routes,
                            memory.documents(),
                            pools.documents(),
                            telemetry.registry()))
                    .start();
            // Closed first: a stop waits for requests, and some wait for a model.
            opened.push(runtime::stopLoading);
        } catch (IOException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static void warnOfReservedNamespaces(Catalog catalog) {
        List<String> inUse = catalog.read(ModelNames::reservedInUse);
        if (!inUse.isEmpty()) {
            LOG.warn(
                    "models have namespaces that are reserved for the server's own addresses: {}. They work as before at"
                            + " the native API; rename them, since other doors cannot reach them.",
                    String.join(", ", inUse));
        }
    }

    private Inspector inspector(VersionService versions) {
        return new Inspector() {
            @Override
            public Optional<Signature> inspect(ModelName model, Manifest manifest) {
                return runtime.inspect(source(model, manifest), INSPECTION)
                        .join()
                        .map(Inspection::signature);
            }

            @Override
            public Map<String, String> releases(ModelName model, Manifest manifest) {
                return runtime.releases(source(model, manifest));
            }

            private ModelSource source(ModelName model, Manifest manifest) {
                return new ModelSource(
                        model + "@draft", manifest.digest(), manifest.files(), versions::open, Signature.unknown());
            }
        };
    }

    private static ModelReviver reviver(ModelPool models) {
        ModelReviver reviver = new ModelReviver(models, System::nanoTime);
        reviver.start();
        return reviver;
    }

    private static Failpoints failpoints(Settings settings) {
        try {
            return ScriptedFailpoints.parse(settings.failpoints());
        } catch (IllegalArgumentException malformed) {
            throw new StartRefused("test.failpoints: " + malformed.getMessage());
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private void keepHouse(Housekeeping housekeeping, AuditSequencer sequencer) {
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("housekeeping").factory());
        opened.push(schedule::shutdownNow);
        schedule.scheduleWithFixedDelay(
                () -> {
                    try {
                        housekeeping.run();
                    } catch (IOException | RuntimeException failure) {
                        LOG.warn("housekeeping failed and is tried again in an hour", failure);
                    }
                },
                0,
                1,
                TimeUnit.HOURS);
        ScheduledExecutorService chaining = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("audit-sequencer").factory());
        opened.push(chaining::shutdownNow);
        chaining.scheduleWithFixedDelay(
                () -> {
                    try {
                        sequencer.run();
                    } catch (RuntimeException failure) {
                        LOG.warn("audit entries wait for their place in the chain: {}", failure.toString());
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
    }

    /** Every way in. */
    public List<Route> routes() {
        return routes.routes();
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080}. */
    public String address() {
        return address;
    }

    /** How workers are kept apart, in words. */
    public String isolation() {
        return runtime.describe().path("isolation").path("words").asString("");
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), failure);
            }
        }
    }
}
