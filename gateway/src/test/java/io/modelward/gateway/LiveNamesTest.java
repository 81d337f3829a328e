package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import io.modelward.gateway.metrics.RolloutMetrics;
import io.modelward.gateway.metrics.ServingMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Predictor;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutStart;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointView;
import io.modelward.gateway.route.Move;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Revisions;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.DraftUpload;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models are renamed, deleted and made anew while they serve: all who speak of a version give it one name, and what serves stays. */
class LiveNamesTest extends GatewayTest {

    private static final List<String> NAMES = List.of("ant", "bee", "cat", "dog");
    private static final List<String> ENDPOINTS = List.of("a", "b");
    private static final String PLAN =
            "{\"steps\":[50,100],\"min_dwell\":\"400ms\",\"min_samples\":5,\"evidence_deadline\":\"1s\",\"latency\":false}";

    /** What should be so, kept by the test itself. */
    private static final class Model {
        private String name;
        private boolean deleted;
        private long ordinals;

        private Model(String name) {
            this.name = name;
        }
    }

    private record Version(Model model, String number, long ordinal, Digest digest) {}

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private final List<Model> models = new ArrayList<>();
    private final Map<Digest, Version> all = new HashMap<>();
    private final Set<Digest> gone =
            new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
    private int published;
    private SimpleMeterRegistry meters;
    private RolloutService rollouts;
    private TraceService traces;
    private ModelService modelService;
    private VersionStateService states;
    private ModelMetrics modelMetrics;
    private RolloutMetrics rolloutMetrics;

    @BeforeEach
    void start() throws Exception {
        begin();
    }

    private void begin() throws Exception {
        InstantSource clock = InstantSource.system();
        meters = new SimpleMeterRegistry();
        ServingMetrics serving = new ServingMetrics(meters);
        pool = new ModelPool(runtime, versions);
        table = new RouteTable(pool, new ArmMetrics(serving));
        endpoints = new EndpointService(catalog, table);
        mover = new Mover(catalog, pool, table, endpoints, clock, Failpoints.NONE);
        predictor = new Predictor(table, log, clock, serving, Runnable::run);
        new RouteRestorer(catalog, pool, table).restore();
        rollouts = new RolloutService(catalog, pool, table, clock, nanos::get, new Random(published), Failpoints.NONE);
        rollouts.driver().restore();
        DiskBlobStore blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        traces = new TraceService(catalog, log, versions, new Verifier(catalog, blobs, log, hashers));
        modelService = new ModelService(catalog, clock, rollouts.watch());
        states = new VersionStateService(
                catalog, clock, new AliasService(catalog, clock, Failpoints.NONE), rollouts.watch());
        modelMetrics = new ModelMetrics(meters, pool);
        rolloutMetrics = new RolloutMetrics(meters, rollouts.driver().board()::atWork);
        ready();
    }

    private void ready() {
        pool.all().forEach(model -> model.running().ready().join());
    }

    private void restart() throws Exception {
        rollouts.driver().close();
        pool.close();
        begin();
    }

    private static Optional<Problem> refused(Runnable action) {
        try {
            action.run();
            return Optional.empty();
        } catch (ProblemException problem) {
            return Optional.of(problem.problem());
        }
    }

    private Optional<Model> named(String name) {
        return models.stream()
                .filter(model -> !model.deleted && model.name.equals(name))
                .findFirst();
    }

    private Version publishTo(String name) throws Exception {
        Model model = named(name).orElseGet(() -> {
            Model made = new Model(name);
            models.add(made);
            return made;
        });
        String number = "1." + ++published + ".0";
        String draft = drafts.create(ModelName.parse(name), ADA).row().id();
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
                .row()
                .summary()
                .digest();
        Version version = new Version(model, number, ++model.ordinals, digest);
        all.put(digest, version);
        return version;
    }

    private Optional<Problem> serve(String endpoint, Version version) {
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

    private Optional<Problem> rename(Model model, String name) {
        Optional<Problem> refused =
                refused(() -> modelService.rename(ModelName.parse(model.name), ModelName.parse(name), ADA));
        if (refused.isEmpty()) {
            model.name = name;
        }
        return refused;
    }

    private boolean there(Version version) {
        return !version.model().deleted && !gone.contains(version.digest());
    }

    private Set<String> serving(java.util.function.Predicate<Version> which) {
        return table.all().stream()
                .filter(now -> which.test(Objects.requireNonNull(
                        all.get(now.active().model().version().digest()))))
                .map(now -> now.endpoint())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void checkRefusal(Optional<Problem> refused, Set<String> serving, String when) {
        assertThat(refused.isPresent()).as(when + ": a deletion is refused").isEqualTo(!serving.isEmpty());
        refused.ifPresent(problem -> {
            assertThat(problem.type()).as(when).isEqualTo(ProblemType.CONFLICT);
            assertThat(problem.extra().get("endpoints")).as(when).isEqualTo(List.copyOf(serving));
        });
    }

    private void delete(Model model, String when) {
        Set<String> serving = serving(version -> version.model() == model);
        Optional<Problem> refused = refused(() -> modelService.delete(ModelName.parse(model.name), ADA));
        checkRefusal(refused, serving, when);
        model.deleted = refused.isEmpty();
    }

    private void delete(Version version, String when) {
        Set<String> serving = serving(version::equals);
        Optional<Problem> refused = refused(
                () -> states.delete(ModelName.parse(version.model().name), Long.toString(version.ordinal()), ADA));
        checkRefusal(refused, serving, when);
        if (refused.isEmpty()) {
            gone.add(version.digest());
        }
    }

    private Optional<Problem> roll(String endpoint, Version version) {
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

    private Prediction predict(String endpoint) {
        return predictor.predict(Request.of(endpoint, ROW)).join();
    }

    private static String name(Version version) {
        return "default/" + version.model().name;
    }

    /** All who speak of what answers agree. */
    private void check(String endpoint, String when) {
        Prediction prediction = predict(endpoint);
        Version version = Objects.requireNonNull(all.get(prediction.version().digest()));
        assertThat(prediction.version().reference()).as(when).isEqualTo(name(version) + "@" + version.number());
        assertThat(there(version)).as(when + ": what answers was not deleted").isTrue();
        TraceService.Trace trace = traces.trace(prediction.id().toString(), false);
        assertThat(trace.decision().arm().model().toString()).as(when).isEqualTo(name(version));
        assertThat(trace.version().row().summary().model().toString()).as(when).isEqualTo(name(version));
        assertThat(trace.version().row().summary().digest()).as(when).isEqualTo(version.digest());
        assertThat(versions.version(ModelName.parse(name(version)), Selector.parse(version.number()))
                        .row()
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
        Arm active = Revisions.active(view.revision());
        Version shown = Objects.requireNonNull(all.get(active.digest()));
        assertThat(active.model().toString()).as(when).isEqualTo(name(shown));
        assertThat(there(shown)).as(when + ": what is active was not deleted").isTrue();
        assertThat(view.revision().arms()).as(when).doesNotContain("deleted_at");
        checkHistory(endpoint, when);
    }

    private void checkHistory(String endpoint, String when) {
        endpoints
                .revisions(EndpointName.parse(endpoint), Long.MAX_VALUE, 100)
                .items()
                .forEach(revision -> {
                    Version then = Objects.requireNonNull(
                            all.get(Revisions.active(revision).digest()));
                    assertThat(Revisions.active(revision).model().toString())
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

    /** Every series and every model in memory has the name of a model as it is now, and there are no more than are in use. */
    private void checkMetrics(String when) {
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

    private void pass(String endpoint, int ticks) {
        for (int i = 0; i < ticks; i++) {
            for (int request = 0; request < 6; request++) {
                predict(endpoint);
            }
            nanos.addAndGet(200_000_000);
            rollouts.driver().tick();
        }
    }

    /** Whether the rollout is in this state; of one that is to be held, whether it serves. */
    private boolean reached(String id, RolloutState state) {
        RolloutState now = rollouts.get(id).rollout().state();
        return now == state || (state == RolloutState.HELD && now.serving());
    }

    private <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    @Test
    void whatever_is_renamed_deleted_and_made_anew_all_say_one_name_and_what_serves_stays() throws Exception {
        for (int seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            for (int step = 0; step < 60; step++) {
                String when = "seed " + seed + ", step " + step;
                String endpoint = one(random, ENDPOINTS);
                List<Model> living =
                        models.stream().filter(model -> !model.deleted).toList();
                List<Version> candidates = all.values().stream()
                        .filter(this::there)
                        .sorted(java.util.Comparator.comparing(Version::number))
                        .toList();
                int act = random.nextInt(16);
                if (candidates.isEmpty() || act < 3) {
                    publishTo(one(random, NAMES));
                } else if (act < 5) {
                    serve(endpoint, one(random, candidates));
                } else if (act < 8) {
                    Model model = one(random, living);
                    String name = one(random, NAMES);
                    boolean taken = named(name).filter(other -> other != model).isPresent();
                    assertThat(rename(model, name).isPresent()).as(when).isEqualTo(taken);
                } else if (act == 8) {
                    delete(one(random, living), when);
                } else if (act == 9) {
                    delete(one(random, candidates), when);
                } else if (act == 10) {
                    restart();
                } else if (act == 11) {
                    refused(() -> mover.move(
                            EndpointName.parse(endpoint),
                            move("rollback", Optional.empty(), OptionalLong.empty(), false)));
                } else if (act < 14 && table.get(endpoint) != null) {
                    roll(endpoint, one(random, candidates));
                    ready();
                    rollouts.driver().tick();
                    ready();
                    rollouts.driver().tick();
                } else if (table.get(endpoint) != null) {
                    pass(endpoint, 6);
                }
                for (String other : ENDPOINTS) {
                    if (table.get(other) != null) {
                        check(other, when);
                    }
                }
                checkMetrics(when);
            }
        }
        assertThat(runtime.violations).isEmpty();
    }

    @Test
    void a_candidate_that_is_deleted_loses_its_traffic_and_its_rollout_says_why_in_every_state() throws Exception {
        for (RolloutState state : List.of(
                RolloutState.QUEUED,
                RolloutState.LOADING,
                RolloutState.RUNNING,
                RolloutState.HELD,
                RolloutState.BAKING)) {
            for (boolean whole : new boolean[] {false, true}) {
                String when = state + (whole ? ", model" : ", version");
                serve("a", publishTo("old" + all.size()));
                if (state == RolloutState.QUEUED) {
                    roll("a", publishTo("first" + all.size()));
                }
                Version candidate = publishTo("new" + all.size());
                assertThat(roll("a", candidate)).as(when).isEmpty();
                String id = rollouts.list(EndpointName.parse("a"), Long.MAX_VALUE, 1)
                        .items()
                        .getFirst()
                        .rollout()
                        .id();
                for (int i = 0; i < 100 && !reached(id, state); i++) {
                    pass("a", 1);
                    ready();
                }
                if (state == RolloutState.HELD) {
                    rollouts.hold(id, ADA, "wait");
                }
                assertThat(rollouts.get(id).rollout().state()).as(when).isEqualTo(state);
                if (whole) {
                    delete(candidate.model(), when);
                } else {
                    delete(candidate, when);
                }
                RolloutView ended = rollouts.get(id);
                assertThat(ended.rollout().state())
                        .as(when)
                        .isEqualTo(state.serving() ? RolloutState.ROLLED_BACK : RolloutState.CANCELLED);
                assertThat(ended.rollout().progress().reason()).as(when).contains("was deleted at");
                assertThat(table.get("a").candidate()).as(when).isEmpty();
                assertThat(rollouts.quarantines(EndpointName.parse("a")))
                        .as(when)
                        .isEmpty();
                for (RolloutView open : rollouts.list(EndpointName.parse("a"), Long.MAX_VALUE, 100)
                        .items()) {
                    if (!open.rollout().state().ended()) {
                        rollouts.abort(open.rollout().id(), ADA, "done");
                    }
                }
                check("a", when);
            }
        }
    }

    @Test
    void an_endpoint_does_not_roll_back_to_a_version_that_was_deleted() throws Exception {
        Version old = publishTo("ant");
        serve("a", old);
        serve("a", publishTo("ant"));
        delete(old, "what is only kept to go back to");
        assertThat(pool.all()).hasSize(1);
        for (boolean restarted : new boolean[] {false, true}) {
            if (restarted) {
                restart();
            }
            Problem problem = problem(() -> mover.move(
                    EndpointName.parse("a"), move("rollback", Optional.empty(), OptionalLong.empty(), false)));
            assertThat(problem.type()).isEqualTo(ProblemType.CONFLICT);
            assertThat(problem.detail()).contains("default/ant@1.1.0 was deleted at", "Flip the endpoint");
            assertThat(pool.all()).hasSize(1);
        }
    }

    @Test
    void when_a_rename_has_returned_no_answer_has_the_old_name() throws Exception {
        Version version = publishTo("ant");
        serve("a", version);
        AtomicBoolean stop = new AtomicBoolean();
        Thread moves = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                Move again = move("flip", Optional.empty(), OptionalLong.empty(), false);
                refused(() -> mover.move(
                        EndpointName.parse("a"),
                        new Move(
                                again.cause(),
                                Optional.empty(),
                                Optional.of(Selector.parse(version.number())),
                                again.expectedRevision(),
                                false,
                                ADA,
                                "again")));
            }
        });
        for (int i = 0; i < 60; i++) {
            assertThat(rename(version.model(), i % 2 == 0 ? "bee" : "ant")).isEmpty();
            assertThat(predict("a").version().model().toString())
                    .as("rename %d", i)
                    .isEqualTo(name(version));
        }
        stop.set(true);
        moves.join();
        check("a", "at the end");
        checkMetrics("at the end");
    }
}
