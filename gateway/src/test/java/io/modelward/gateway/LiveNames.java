package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.Arm;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.metrics.ModelMetrics;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.rollout.RolloutMetrics;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.DraftService.DraftUpload;
import io.modelward.registry.publish.PublishRequest;
import io.modelward.registry.verify.Verifier;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;

/**
 * Models that are published, served, renamed and deleted on a real catalog, with books of the test's own of what each
 * is called, and the checks that all who speak of a version agree with the books.
 */
abstract class LiveNames extends GatewayTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    static final List<String> NAMES = List.of("ant", "bee", "cat", "dog");
    static final List<String> ENDPOINTS = List.of("a", "b");
    static final String PLAN =
            "{\"steps\":[50,100],\"min_dwell\":\"400ms\",\"min_samples\":5,\"evidence_deadline\":\"1s\",\"latency\":false}";

    /** What should be so, kept by the test itself. */
    static final class Model {
        String name;
        boolean deleted;
        long ordinals;

        Model(String name) {
            this.name = name;
        }
    }

    record Version(Model model, String number, long ordinal, Digest digest) {}

    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final List<Model> models = new ArrayList<>();
    final Map<Digest, Version> all = new HashMap<>();
    final Set<Digest> gone = new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
    int published;
    SimpleMeterRegistry meters;
    RolloutService rollouts;
    TraceService traces;
    ModelService modelService;
    VersionStateService states;
    ModelMetrics modelMetrics;
    RolloutMetrics rolloutMetrics;

    @BeforeEach
    void start() throws Exception {
        begin();
    }

    void begin() throws Exception {
        InstantSource clock = InstantSource.system();
        meters = new SimpleMeterRegistry();
        ServingMetrics serving = new ServingMetrics(meters);
        pool = new ModelPool(runtime, lookup);
        table = new RouteTable(pool, new ArmMetrics(serving));
        endpoints = new EndpointService(EVERYONE, catalog, table);
        mover = new Mover(EVERYONE, catalog, pool, table, endpoints, clock, Failpoints.NONE);
        predictor = new Predictor(EVERYONE, table, log, clock, serving, Runnable::run);
        new RouteRestorer(catalog, pool, table).restore();
        rollouts = new RolloutService(
                EVERYONE, catalog, pool, table, clock, nanos::get, new Random(published), Failpoints.NONE);
        rollouts.driver().restore();
        DiskBlobStore blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        traces = new TraceService(
                EVERYONE, catalog, log, lookup, new Verifier(EVERYONE, catalog, blobs, log, hashers), runtime);
        modelService = new ModelService(EVERYONE, catalog, clock, rollouts.watch());
        states = new VersionStateService(
                EVERYONE,
                catalog,
                clock,
                new AliasService(EVERYONE, catalog, clock, Failpoints.NONE),
                rollouts.watch());
        modelMetrics = new ModelMetrics(meters, pool);
        rolloutMetrics = new RolloutMetrics(meters, rollouts.driver()::atWork);
        ready();
    }

    void ready() {
        pool.all().forEach(model -> model.running().ready().join());
    }

    void restart() throws Exception {
        rollouts.driver().close();
        pool.close();
        begin();
    }

    static Optional<Problem> refused(Runnable action) {
        try {
            action.run();
            return Optional.empty();
        } catch (ProblemException problem) {
            return Optional.of(problem.problem());
        }
    }

    Optional<Model> named(String name) {
        return models.stream()
                .filter(model -> !model.deleted && model.name.equals(name))
                .findFirst();
    }

    Version publishTo(String name) throws Exception {
        Model model = named(name).orElseGet(() -> {
            Model made = new Model(name);
            models.add(made);
            return made;
        });
        String number = "1." + ++published + ".0";
        String draft = drafts.create(ModelName.parse(name), ADA).draft().id();
        try (DraftUpload upload = drafts.upload(draft, FilePath.parse("model.joblib"))) {
            upload.write(ByteBuffer.wrap(("bytes " + published).getBytes(StandardCharsets.UTF_8)));
            upload.finish(Optional.empty());
        }
        String card =
                "{\"input_schema\":{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,\"maxItems\":2}}";
        Digest digest = publisher
                .publish(
                        draft,
                        new PublishRequest(
                                new PublishRequest.Number.Exact(SemVer.parse(number)),
                                Json.parse(card, "card"),
                                "",
                                ""),
                        ADA)
                .version()
                .summary()
                .digest();
        Version version = new Version(model, number, ++model.ordinals, digest);
        all.put(digest, version);
        return version;
    }

    Optional<Problem> serve(String endpoint, Version version) {
        return refused(() -> mover.move(
                EndpointName.parse(endpoint),
                new Move(
                        "flip",
                        Optional.of(ModelName.parse(version.model().name)),
                        Optional.of(Selector.parse(version.number())),
                        OptionalLong.empty(),
                        false,
                        ADA,
                        "because")));
    }

    Optional<Problem> rename(Model model, String name) {
        Optional<Problem> refused =
                refused(() -> modelService.rename(ModelName.parse(model.name), ModelName.parse(name), ADA, ""));
        if (refused.isEmpty()) {
            model.name = name;
        }
        return refused;
    }

    boolean there(Version version) {
        return !version.model().deleted && !gone.contains(version.digest());
    }

    Set<String> serving(java.util.function.Predicate<Version> which) {
        return table.all().stream()
                .filter(now -> which.test(Objects.requireNonNull(
                        all.get(now.active().model().version().digest()))))
                .map(now -> now.endpoint())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    void checkRefusal(Optional<Problem> refused, Set<String> serving, String when) {
        assertThat(refused.isPresent()).as(when + ": a deletion is refused").isEqualTo(!serving.isEmpty());
        refused.ifPresent(problem -> {
            assertThat(problem.type()).as(when).isEqualTo(ProblemType.CONFLICT);
            assertThat(problem.extra().get("endpoints")).as(when).isEqualTo(List.copyOf(serving));
        });
    }

    void delete(Model model, String when) {
        Set<String> serving = serving(version -> version.model() == model);
        Optional<Problem> refused = refused(() -> modelService.delete(ModelName.parse(model.name), ADA, ""));
        checkRefusal(refused, serving, when);
        model.deleted = refused.isEmpty();
    }

    void delete(Version version, String when) {
        Set<String> serving = serving(version::equals);
        Optional<Problem> refused = refused(() -> states.delete(
                ModelName.parse(version.model().name), new Selector.ByOrdinal(version.ordinal()), ADA, ""));
        checkRefusal(refused, serving, when);
        if (refused.isEmpty()) {
            gone.add(version.digest());
        }
    }

    Optional<Problem> roll(String endpoint, Version version) {
        return refused(() -> rollouts.start(new RolloutStart(
                EndpointName.parse(endpoint),
                Optional.of(ModelName.parse(version.model().name)),
                Selector.parse(version.number()),
                PlanReader.read(Json.parse(PLAN, "plan")),
                false,
                OptionalLong.empty(),
                Optional.empty(),
                "",
                ADA,
                "because")));
    }

    Prediction predict(String endpoint) {
        return predictor.predict(Request.of(endpoint, ROW)).join();
    }

    static String name(Version version) {
        return "default/" + version.model().name;
    }

    /** All who speak of what answers agree. */
    void check(String endpoint, String when) {
        Prediction prediction = predict(endpoint);
        Version version = Objects.requireNonNull(all.get(prediction.version().digest()));
        assertThat(prediction.version().reference()).as(when).isEqualTo(name(version) + "@" + version.number());
        assertThat(there(version)).as(when + ": what answers was not deleted").isTrue();
        TraceService.Trace trace = traces.trace(prediction.id().toString(), false);
        assertThat(trace.decision().arm().model().toString()).as(when).isEqualTo(name(version));
        assertThat(trace.version().published().summary().model().toString())
                .as(when)
                .isEqualTo(name(version));
        assertThat(trace.version().published().summary().digest()).as(when).isEqualTo(version.digest());
        assertThat(versions.version(ModelName.parse(name(version)), Selector.parse(version.number()))
                        .published()
                        .summary()
                        .digest())
                .as(when)
                .isEqualTo(version.digest());
        String role = trace.decision().arm().role().label();
        assertThat(meters.get("modelward.predictions")
                        .tags("endpoint", endpoint, "model", name(version), "version", version.number())
                        .tags("arm", role, "outcome", "ok")
                        .counter()
                        .count())
                .as(when)
                .isPositive();
        EndpointView view = endpoints.get(EndpointName.parse(endpoint));
        Arm active = view.revision().active().arm();
        Version shown = Objects.requireNonNull(all.get(active.digest()));
        assertThat(active.model().toString()).as(when).isEqualTo(name(shown));
        assertThat(there(shown)).as(when + ": what is active was not deleted").isTrue();
        assertThat(view.revision().active().deletedAt()).as(when).isEmpty();
        checkHistory(endpoint, when);
    }

    void checkHistory(String endpoint, String when) {
        endpoints
                .revisions(EndpointName.parse(endpoint), Long.MAX_VALUE, 100)
                .items()
                .forEach(revision -> {
                    Version then = Objects.requireNonNull(
                            all.get(revision.active().arm().digest()));
                    assertThat(revision.active().arm().model().toString())
                            .as(when)
                            .isEqualTo(name(then));
                });
        for (RolloutView view :
                rollouts.list(EndpointName.parse(endpoint), Long.MAX_VALUE, 100).items()) {
            RolloutView alone = rollouts.get(view.rollout().id());
            Version candidate =
                    Objects.requireNonNull(all.get(view.rollout().candidate().digest()));
            assertThat(view.rollout().candidate().model().toString()).as(when).isEqualTo(name(candidate));
            assertThat(alone.rollout().candidate().model().toString()).as(when).isEqualTo(name(candidate));
            assertThat(view.candidateDeleted().isPresent()).as(when).isEqualTo(!there(candidate));
            if (!there(candidate)) {
                assertThat(alone.rollout().state().ended())
                        .as(when + ": " + alone.rollout().progress().reason())
                        .isTrue();
            }
        }
    }

    /**
     * Every series and every model in memory has the name of a model as it is now, and there are no more than are in
     * use.
     */
    void checkMetrics(String when) {
        modelMetrics.refresh();
        rolloutMetrics.refresh();
        Set<String> names = all.values().stream()
                .map(version -> name(version) + "@" + version.number())
                .collect(Collectors.toSet());
        Set<String> labels = new TreeSet<>();
        for (Meter meter : meters.getMeters()) {
            String model = meter.getId().getTag("model");
            if (model != null) {
                assertThat(names).as(when).contains(model + "@" + meter.getId().getTag("version"));
            }
            if (meter.getId().getName().equals("modelward.prediction")) {
                labels.add(meter.getId().getTags().toString());
            }
        }
        assertThat(labels.size()).as(when + ": " + labels).isLessThanOrEqualTo(ENDPOINTS.size() * 4);
        pool.all()
                .forEach(model -> assertThat(model.version().model().toString())
                        .as(when)
                        .isEqualTo(name(
                                Objects.requireNonNull(all.get(model.version().digest())))));
    }

    void pass(String endpoint, int ticks) {
        for (int i = 0; i < ticks; i++) {
            for (int request = 0; request < 6; request++) {
                predict(endpoint);
            }
            nanos.addAndGet(200_000_000);
            rollouts.driver().tick();
        }
    }

    /** Whether the rollout is in this state; of one that is to be held, whether it serves. */
    boolean reached(String id, RolloutState state) {
        RolloutState now = rollouts.get(id).rollout().state();
        return now == state || (state == RolloutState.HELD && now.serving());
    }

    <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
