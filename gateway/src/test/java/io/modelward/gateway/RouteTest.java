package io.modelward.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.RouteRevision;
import io.modelward.gateway.metrics.ModelMetrics;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.predict.Prediction;
import io.modelward.gateway.predict.Request;
import io.modelward.gateway.route.ArmMetrics;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.gateway.route.RouteRestorer;
import io.modelward.gateway.route.RouteTable;
import io.modelward.gateway.trace.TraceService;
import io.modelward.registry.verify.Verifier;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Moving endpoints, on a real catalog and a fake runtime that notes every wrong use of a model. */
class RouteTest extends GatewayTest {

    private static final Access EVERYONE = new Access(Authorizer.EVERYONE);

    private static final int MOVES = 300;

    @Test
    void when_a_move_returns_the_target_serves() {
        assertThat(put("1.0.0").created()).isTrue();
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
        assertThat(put("1.1.0").revision().revision()).isEqualTo(2);
        assertThat(answer()).isEqualTo("[\"default/iris@1.1.0\"]");
        assertThat(put("1.1.0").revision().revision()).as("there already").isEqualTo(2);
        mover.move(IRIS, move("rollback", Optional.empty(), OptionalLong.empty(), false));
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
    }

    @Test
    void a_move_that_is_asked_again_is_not_done_twice() {
        put("1.0.0");
        put("1.1.0");
        Move back = move("rollback", Optional.empty(), OptionalLong.of(2), false);
        assertThat(mover.move(IRIS, back).revision().revision()).isEqualTo(3);
        assertThat(mover.move(IRIS, back).revision().revision()).isEqualTo(3);
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
    }

    @Test
    void two_operators_at_once_one_moves_and_the_other_is_told_what_is_current() throws Exception {
        put("1.0.0");
        for (int round = 0; round < 20; round++) {
            long expected = endpoints.get(IRIS).revision().revision();
            String now = answer().contains("1.0.0") ? "1.1.0" : "1.0.0";
            CountDownLatch start = new CountDownLatch(1);
            AtomicInteger won = new AtomicInteger();
            Queue<Problem> lost = new ConcurrentLinkedQueue<>();
            List<Thread> operators = new ArrayList<>();
            for (String target : List.of(now, "1.2.0")) {
                operators.add(Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                        mover.move(IRIS, move("flip", Optional.of(target), OptionalLong.of(expected), false));
                        won.incrementAndGet();
                    } catch (ProblemException problem) {
                        lost.add(problem.problem());
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            start.countDown();
            for (Thread operator : operators) {
                operator.join();
            }
            assertThat(won).hasValue(1);
            assertThat(lost).singleElement().satisfies(problem -> {
                assertThat(problem.type()).isEqualTo(ProblemType.CONFLICT);
                assertThat(problem.extra().get("current").toString()).contains("revision=" + (expected + 1));
            });
            put("1.0.0");
        }
    }

    @Test
    void a_version_that_breaks_the_contract_needs_it_changed_in_the_same_act() {
        put("1.0.0");
        Problem refused = problem(() -> put("2.0.0"));
        assertThat(refused.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.extra().get("breaking").toString()).contains("length");
        assertThat(endpoints.get(IRIS).revision().revision()).isEqualTo(1);
        EndpointView moved = mover.move(IRIS, move("flip", Optional.of("2.0.0"), OptionalLong.empty(), true));
        assertThat(moved.revision().kept().contractChanged()).isTrue();
        assertThat(problem(() -> predictor.predict(Request.of("iris", ROW))).field())
                .contains("instances[0]");
        EndpointView back = rollback();
        assertThat(back.revision().kept().contractChanged())
                .as("the contract of 1.0.0 is back, without being asked for")
                .isTrue();
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
    }

    @Test
    void a_second_rollback_goes_further_back_and_never_forward() {
        put("1.0.0");
        put("1.1.0");
        put("1.2.0");
        rollback();
        assertThat(answer()).isEqualTo("[\"default/iris@1.1.0\"]");
        rollback();
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
        Problem refused = problem(this::rollback);
        assertThat(refused.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.detail()).contains("default/iris@1.0.0, default/iris@1.1.0, default/iris@1.2.0");
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
        put("1.2.0");
        rollback();
        assertThat(answer()).as("1.1.0 was taken back before").isEqualTo("[\"default/iris@1.0.0\"]");
    }

    @Test
    void a_version_that_served_twice_is_gone_back_to_twice() {
        for (String version : List.of("1.0.0", "1.1.0", "1.0.0", "1.2.0")) {
            put(version);
        }
        for (String version : List.of("1.0.0", "1.1.0", "1.0.0")) {
            rollback();
            assertThat(answer()).isEqualTo("[\"default/iris@" + version + "\"]");
        }
        assertThat(problem(this::rollback).type()).isEqualTo(ProblemType.REFUSED);
    }

    private EndpointView rollback() {
        return mover.move(IRIS, move("rollback", Optional.empty(), OptionalLong.empty(), false));
    }

    @Test
    void a_version_that_cannot_be_loaded_changes_nothing_and_may_be_tried_again() {
        put("1.0.0");
        runtime.unloadable.add("default/iris@1.1.0");
        Problem refused = problem(() -> put("1.1.0"));
        assertThat(refused.type()).isEqualTo(ProblemType.REFUSED);
        assertThat(refused.detail()).contains("unchanged").contains("Python says no");
        assertThat(answer()).isEqualTo("[\"default/iris@1.0.0\"]");
        runtime.unloadable.clear();
        put("1.1.0");
        assertThat(answer()).isEqualTo("[\"default/iris@1.1.0\"]");
    }

    @Test
    void under_load_no_request_fails_and_no_model_ends_in_use() throws Exception {
        put("1.0.0");
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Queue<Prediction> answered = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try {
                        answered.add(predictor.predict(Request.of("iris", ROW)).join());
                    } catch (CompletionException | ProblemException failure) {
                        failures.add(failure);
                    }
                }
            }));
        }
        for (int i = 0; i < 3; i++) {
            Random random = new Random(i);
            threads.add(Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    try {
                        if (random.nextInt(4) == 0) {
                            mover.move(IRIS, move("rollback", Optional.empty(), OptionalLong.empty(), false));
                        } else {
                            put("1." + random.nextInt(3) + ".0");
                        }
                    } catch (ProblemException problem) {
                        boolean nothingBefore = problem.problem().detail().contains("nothing to roll back to");
                        if (problem.problem().type() != ProblemType.CONFLICT && !nothingBefore) {
                            failures.add(problem);
                        }
                    }
                }
            }));
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (endpoints.get(IRIS).revision().revision() < MOVES && System.nanoTime() < until) {
            Thread.sleep(10);
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
        assertThat(runtime.violations).isEmpty();
        List<RouteRevision> revisions = catalog.read(tx -> tx.routes().allRevisions("iris"));
        assertThat(revisions).extracting(RouteRevision::revision).hasSizeGreaterThanOrEqualTo(MOVES);
        assertThat(answered).hasSizeGreaterThan(MOVES);
        assertThat(revisions.stream().map(RouteRevision::revision).toList())
                .isEqualTo(LongStream.rangeClosed(1, revisions.size()).boxed().toList());
        assertThat(table.get("iris").route().revision()).isEqualTo(revisions.size());
        assertThat(runtime.running.get()).as("models in memory").isLessThanOrEqualTo(2);
        TraceService traces = new TraceService(
                EVERYONE,
                catalog,
                log,
                lookup,
                new Verifier(
                        EVERYONE,
                        catalog,
                        new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("b2")),
                        log,
                        hashers),
                runtime);
        for (Prediction prediction :
                answered.stream().filter(Prediction::logged).limit(2000).toList()) {
            TraceService.TracedDecision decision =
                    traces.decision(prediction.id().toString());
            assertThat("[\"" + decision.arm().model() + "@" + decision.arm().version() + "\"]")
                    .isEqualTo(new String(prediction.answer().whole(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void predictions_are_counted_by_version_as_long_as_the_endpoint_keeps_it() {
        problem(() -> predictor.predict(Request.of("no-such-endpoint", ROW)));
        put("1.0.0");
        answer();
        answer();
        problem(() -> predictor.predict(Request.of("iris", "{\"instances\":[[1]]}".getBytes(StandardCharsets.UTF_8))));
        put("1.1.0");
        answer();
        assertThat(counted("1.0.0")).isEqualTo(2);
        assertThat(counted("1.1.0")).isEqualTo(1);
        assertThat(registry.get("modelward.predictions.rejected").counters())
                .extracting(counter ->
                        counter.getId().getTag("endpoint") + counter.getId().getTag("status"))
                .containsExactlyInAnyOrder("404", "iris422");
        put("1.2.0");
        assertThat(registry.find("modelward.predictions")
                        .tag("version", "1.0.0")
                        .counters())
                .as("neither serves nor is kept to go back to")
                .isEmpty();
        put("1.0.0");
        answer();
        assertThat(counted("1.0.0")).as("from the start again").isEqualTo(1);
    }

    private double counted(String version) {
        return registry.get("modelward.predictions")
                .tags("endpoint", "iris", "model", "default/iris", "version", version, "arm", "active", "outcome", "ok")
                .counter()
                .count();
    }

    @Test
    void models_in_memory_are_shown_with_their_state_and_no_others() {
        ModelMetrics models = new ModelMetrics(registry, pool);
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            put(version);
            models.refresh();
        }
        for (String name :
                List.of("modelward.model.state", "modelward.worker.restarts", "modelward.requests.in.flight")) {
            assertThat(registry.get(name).meters())
                    .extracting(meter -> meter.getId().getTag("version"))
                    .as(name)
                    .containsExactlyInAnyOrder("1.1.0", "1.2.0");
        }
        assertThat(registry.get("modelward.model.state").tag("state", "ready").gauges())
                .hasSize(2);
    }

    @Test
    void after_a_restart_every_endpoint_serves_what_it_served() {
        put("1.0.0");
        put("1.1.0");
        ModelPool freshPool = new ModelPool(runtime, lookup);
        RouteTable fresh = new RouteTable(freshPool, new ArmMetrics(metrics));
        RouteRestorer restorer = new RouteRestorer(catalog, freshPool, fresh);
        restorer.restore();
        assertThat(fresh.get("iris").route().revision()).isEqualTo(2);
        assertThat(fresh.get("iris").active().model().version().reference()).isEqualTo("default/iris@1.1.0");
        assertThat(fresh.get("iris").previous().orElseThrow().version().reference())
                .isEqualTo("default/iris@1.0.0");
        freshPool.close();
    }
}
