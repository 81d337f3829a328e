package io.modelward.jobs;

import io.modelward.access.token.TokenService;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Principal;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.jobs.JobView.RunView;
import io.modelward.registry.Actor;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.publish.PublishRequest.Number;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.data.SecretBox;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.SegmentPredictionLog;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Servers with jobs over one real catalog, each with a clock of its own; a fake runner ends runs as the test says. */
abstract class JobsFixture {

    static final Access EVERYONE = new Access(Authorizer.EVERYONE);
    static final Actor ADA = new Actor("ada", false);
    static final JobName WEEKLY = JobName.parse("weekly");
    static final ModelName IRIS = ModelName.parse("iris");

    @TempDir
    Path directory;

    FaultyCatalog catalog;
    private Storage storage;
    private SegmentPredictionLog log;
    private ExecutorService verifiers;
    String archive = "";
    final List<Server> servers = new ArrayList<>();
    /** What a comparison of answers finds. */
    Predictions answers = new Predictions(3, 10, 13, 0, 0, 0, "");

    final List<RolloutStart> rollouts = new ArrayList<>();
    final List<Principal> rolledOutBy = new ArrayList<>();

    /** A server with a clock of its own over the one catalog. */
    final class Server {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        long nanos;
        final FakeRunner runner = new FakeRunner();
        final RunTokens tokens;
        final RegistryServices registry;
        final JobServices services;

        Server(int parallel) throws IOException {
            this(parallel, EVERYONE, Optional.empty());
        }

        /**
         * @param access what the services of jobs ask
         * @param made makes tokens; empty: access control is off
         */
        Server(int parallel, Access access, Optional<TokenService> made) throws IOException {
            tokens = new RunTokens(made, catalog, new SecureRandom());
            registry = new RegistryServices(
                    EVERYONE,
                    storage,
                    () -> now,
                    new SecureRandom(),
                    Inspector.NONE,
                    MemoryShare.unlimited(),
                    verifiers);
            services = new JobServices(
                    new JobServices.Parts(
                            access,
                            storage,
                            registry,
                            start -> {
                                rollouts.add(start);
                                rolledOutBy.add(Access.caller().orElseThrow());
                            },
                            model -> List.of(EndpointName.parse("flowers")),
                            runner,
                            tokens,
                            new SecretBox(new LocalDisk(Failpoints.NONE), directory.resolve("key"), new SecureRandom()),
                            verifiers,
                            (then, now, tolerance) -> answers),
                    new JobSettings(parallel, Optional.of("http://127.0.0.1:1"), Duration.ofDays(90)),
                    directory.resolve("logs"),
                    () -> "",
                    () -> now,
                    () -> nanos,
                    new Random(servers.size() + 1));
            servers.add(this);
        }

        void pass(Duration time) {
            now = now.plus(time);
            nanos += time.toNanos();
        }

        void round() {
            services.round();
        }

        /** Publishes as the run that has this token. */
        String publish(String token, String content, String card) throws IOException {
            return publish(token, content, card, new Number.Next(Optional.empty()));
        }

        String publish(String token, String content, String card, Number number) throws IOException {
            Principal caller = token.isEmpty()
                    ? Principal.claimed("ada")
                    : tokens.callerOf(token).orElseThrow();
            return publish(caller, IRIS, content, card, number);
        }

        String publish(Principal caller, ModelName model, String content, String card, Number number)
                throws IOException {
            String draft = Access.call(
                    caller, () -> registry.drafts.create(model, ADA).draft().id());
            try (DraftUpload upload = registry.drafts.upload(draft, FilePath.parse("model.joblib"))) {
                upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
                upload.finish(Optional.empty());
            }
            return Access.call(
                    caller,
                    () -> registry.publisher
                            .publish(
                                    draft,
                                    new PublishRequest(number, Json.parse(card, "card"), "", ""),
                                    Actor.of(caller))
                            .version()
                            .ref()
                            .version()
                            .toString());
        }

        /** The run as it is once it has ended. */
        RunView ended(String run) throws InterruptedException {
            for (int look = 0; look < 1000; look++) {
                RunView view = services.browser.run(run);
                if (view.run().progress().state().ended() && services.atWork() == 0) {
                    return view;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            throw new AssertionError("the run has not ended");
        }
    }

    static String accuracy(double accuracy) {
        return "{\"performance\":{\"accuracy\":" + accuracy + "}}";
    }

    @BeforeEach
    void open() throws IOException {
        verifiers = Executors.newSingleThreadExecutor();
        catalog = new FaultyCatalog(RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE));
        log = new SegmentPredictionLog(
                new LocalDisk(Failpoints.NONE),
                directory.resolve("predictions"),
                1 << 14,
                java.time.InstantSource.system());
        storage = new Storage(
                catalog,
                new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs")),
                log,
                Failpoints.NONE);
        Server server = new Server(2);
        server.publish("", "first", accuracy(0.9));
        try (JobUploads.Upload upload = server.services.uploads.begin()) {
            upload.write(ByteBuffer.wrap("PK, an archive".getBytes(StandardCharsets.UTF_8)));
            archive = upload.finish().digest().toString();
        }
    }

    @AfterEach
    void close() {
        servers.forEach(server -> server.services.close());
        verifiers.shutdownNow();
        log.close();
        catalog.close();
    }

    void make(Map<String, String> more) {
        make(more, ADA);
    }

    void make(Map<String, String> more, Actor owner) {
        ObjectNode plan = Json.object().put("model", "iris");
        plan.putArray("command").add("python").add("train.py");
        plan.putObject("code").put("archive", archive);
        more.forEach((name, value) -> plan.set(name, Json.parse(value, name)));
        servers.getFirst()
                .services
                .jobs
                .create(
                        WEEKLY,
                        JobPlanReader.read(plan),
                        new JobService.Wish(Optional.of(Map.of("KEY", "hush")), Optional.empty()),
                        owner,
                        "");
    }

    List<JobRun> runs() {
        return catalog.read(tx -> tx.jobs().runs(Optional.of(WEEKLY), Long.MAX_VALUE, 1000))
                .reversed();
    }
}
