package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Hold;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.predict.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rollouts of two endpoints by the driver's own threads and the system's clock, with a catalog that takes long to
 * write.
 */
class RolloutActorTest {

    private static final EndpointName IRIS = GatewayFixture.IRIS;
    private static final EndpointName OTHER = EndpointName.parse("other");
    private static final byte[] BODY = "{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);
    private static final String PLAN =
            "{'steps':[50,100],'min_dwell':'1h','step_timeout':'2h','evidence_deadline':'500ms','latency':false}";
    private static final String QUICK = "{'steps':[50,100],'min_dwell':'100ms','min_samples':5,'step_timeout':'1h',"
            + "'evidence_deadline':'500ms','latency':false}";

    @TempDir
    Path directory;

    private GatewayFixture house;

    /** How many writes wait. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger toBlock = new AtomicInteger();

    @BeforeEach
    void open() throws Exception {
        house = new GatewayFixture(directory, 3, Optional.of(System::nanoTime));
        for (String version : List.of("1.0.0", "1.1.0", "1.2.0")) {
            house.publish(version);
        }
        house.serve(IRIS, "1.0.0");
        house.serve(OTHER, "1.0.0");
        house.beforeWrite = () -> {
            if (toBlock.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                waiting.incrementAndGet();
                awaitQuietly(go);
            }
        };
        house.rollouts.driver().start();
    }

    @AfterEach
    void close() {
        go.countDown();
        house.rollouts.driver().close();
        assertThat(house.runtime.violations).isEmpty();
        house.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private String start(EndpointName endpoint, String version) {
        return house.rollouts
                .start(house.wish(endpoint, version, PLAN, false, Optional.empty()))
                .rollout()
                .id();
    }

    private void ask(EndpointName endpoint) {
        try {
            house.predictor.predict(Request.of(endpoint.value(), BODY)).join();
        } catch (CompletionException failed) {
            assertThat(failed.getCause()).isInstanceOf(ProblemException.class);
        }
    }

    private void askBothUntil(BooleanSupplier so, String what) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            ask(IRIS);
            ask(OTHER);
            Thread.sleep(3);
        }
    }

    private boolean onTrial(EndpointName endpoint) {
        return Objects.requireNonNull(house.table.get(endpoint.value())).trial().isPresent();
    }

    private RolloutState kept(String id) {
        return house.catalog
                .read(tx -> tx.rollouts().find(id))
                .orElseThrow()
                .rollout()
                .state();
    }

    @Test
    void a_write_that_takes_long_delays_neither_the_harm_of_its_own_rollout_nor_anything_of_another_one()
            throws Exception {
        String slow = start(IRIS, "1.1.0");
        askBothUntil(() -> onTrial(IRIS), "the first has traffic");
        toBlock.set(1);
        askBothUntil(() -> waiting.get() == 1, "its evidence is being written");
        String other = start(OTHER, "1.2.0");
        askBothUntil(() -> onTrial(OTHER), "the second is started, loaded and has traffic");

        house.runtime.failing.put("default/iris@1.2.0", 1.0);
        askBothUntil(() -> kept(other) == RolloutState.ROLLED_BACK, "the second is rolled back for good");
        assertThat(house.rollouts.quarantines(OTHER)).hasSize(1);

        house.runtime.failing.put("default/iris@1.1.0", 1.0);
        askBothUntil(() -> !onTrial(IRIS), "the first has no traffic");
        RolloutProgress unwritten = house.rollouts.get(slow).rollout().progress();
        assertThat(unwritten.state()).as("it can be looked at meanwhile").isEqualTo(RolloutState.RUNNING);
        assertThat(kept(slow)).isEqualTo(RolloutState.RUNNING);

        go.countDown();
        askBothUntil(() -> kept(slow) == RolloutState.ROLLED_BACK, "the first is rolled back for good");
        RolloutProgress progress = house.rollouts.get(slow).rollout().progress();
        assertThat(progress.verdict()).isPresent();
        assertThat(progress.withdrawnMicros()).isPresent();
        assertThat(house.ticks(slow).getLast().number()).isEqualTo(progress.lastTick());
    }

    @Test
    void harm_is_acted_on_everywhere_while_every_write_takes_long() throws Exception {
        String first = start(IRIS, "1.1.0");
        String second = start(OTHER, "1.2.0");
        askBothUntil(() -> onTrial(IRIS) && onTrial(OTHER), "both have traffic");
        toBlock.set(Integer.MAX_VALUE);
        askBothUntil(() -> waiting.get() >= 2, "both write");
        house.runtime.failing.put("default/iris@1.1.0", 1.0);
        house.runtime.failing.put("default/iris@1.2.0", 1.0);
        askBothUntil(() -> !onTrial(IRIS) && !onTrial(OTHER), "nobody reaches a candidate");
        assertThat(waiting.get()).as("at most one write of each").isEqualTo(2);
        toBlock.set(0);
        go.countDown();
        askBothUntil(
                () -> kept(first) == RolloutState.ROLLED_BACK && kept(second) == RolloutState.ROLLED_BACK,
                "both are rolled back for good");
    }

    @Test
    void an_abort_takes_the_traffic_away_at_once_and_is_answered_when_it_is_written() throws Exception {
        String id = start(IRIS, "1.1.0");
        askBothUntil(() -> onTrial(IRIS), "it has traffic");
        toBlock.set(1);
        askBothUntil(() -> waiting.get() == 1, "its evidence is being written");
        CompletableFuture<RolloutView> abort =
                CompletableFuture.supplyAsync(() -> house.rollouts.abort(id, GatewayFixture.ADA, "enough"));
        askBothUntil(() -> !onTrial(IRIS), "it has no traffic");
        assertThat(abort).isNotDone();
        go.countDown();
        assertThat(abort.join().rollout().state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void a_start_that_supersedes_waits_for_the_write_of_the_rollout_before() throws Exception {
        String before = start(IRIS, "1.1.0");
        askBothUntil(() -> onTrial(IRIS), "it has traffic");
        toBlock.set(1);
        askBothUntil(() -> waiting.get() == 1, "its evidence is being written");
        CompletableFuture<RolloutView> after = CompletableFuture.supplyAsync(
                () -> house.rollouts.start(house.wish(IRIS, "1.2.0", PLAN, true, Optional.empty())));
        Thread.sleep(200);
        assertThat(after).isNotDone();
        go.countDown();
        assertThat(after.join().rollout().candidate().version()).hasToString("1.2.0");
        assertThat(kept(before)).isEqualTo(RolloutState.SUPERSEDED);
        askBothUntil(
                () -> onTrial(IRIS)
                        && house.rollouts
                                        .get(after.join().rollout().id())
                                        .rollout()
                                        .state()
                                == RolloutState.RUNNING,
                "the one after has traffic");
    }

    @Test
    void a_rollout_that_cannot_be_read_again_is_driven_without_traffic_and_another_one_does_not_notice()
            throws Exception {
        String lost = start(IRIS, "1.1.0");
        String other = start(OTHER, "1.2.0");
        askBothUntil(() -> onTrial(IRIS) && onTrial(OTHER), "both have traffic");
        house.unreadable = true;
        house.catalog.write(tx -> {
            RolloutRecord row = tx.rollouts().find(lost).orElseThrow();
            return tx.rollouts().update(row.rollout(), row.version(), row.updatedAt());
        });
        askBothUntil(() -> !onTrial(IRIS), "what is not as it is kept has no traffic");
        house.runtime.failing.put("default/iris@1.2.0", 1.0);
        askBothUntil(() -> kept(other) == RolloutState.ROLLED_BACK, "the other one is rolled back");
        assertThat(house.rollouts.driver().find(lost)).as("it is still driven").isPresent();
        house.unreadable = false;
        askBothUntil(
                () -> house.rollouts.get(lost).rollout().progress().hold().equals(Optional.of(Hold.RESTARTED)),
                "it goes on from what is kept");
        house.rollouts.resume(lost, GatewayFixture.ADA, "go on");
        askBothUntil(() -> onTrial(IRIS), "it has traffic again");
    }

    @Test
    void an_order_to_a_rollout_that_has_ended_meanwhile_is_told_so() throws Exception {
        String id = start(IRIS, "1.1.0");
        askBothUntil(() -> onTrial(IRIS), "it has traffic");
        house.rollouts.abort(id, GatewayFixture.ADA, "enough");
        assertThat(house.rollouts
                        .abort(id, GatewayFixture.ADA, "again")
                        .rollout()
                        .state())
                .isEqualTo(RolloutState.ROLLED_BACK);
        assertThatThrownBy(() -> house.rollouts.promote(id, GatewayFixture.ADA, "no"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("ROLLED_BACK");
    }

    /** Starts, orders and requests of several threads at once. */
    @Test
    void whoever_starts_and_orders_at_once_every_rollout_at_work_is_driven_by_one_and_all_come_to_an_end()
            throws Exception {
        List<EndpointName> endpoints = List.of(IRIS, OTHER);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> people = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(i);
                people.add(threads.submit(() -> {
                    for (int act = 0; act < 60; act++) {
                        act(endpoints.get(random.nextInt(2)), random);
                    }
                }));
            }
            for (Future<?> person : people) {
                person.get();
            }
        }
        Map<String, String> atWork = new HashMap<>();
        askBothUntil(
                () -> {
                    List<RolloutRecord> open =
                            house.catalog.read(tx -> tx.rollouts().open());
                    atWork.clear();
                    open.stream()
                            .map(RolloutRecord::rollout)
                            .filter(rollout -> rollout.state().atWork())
                            .forEach(rollout -> assertThat(atWork.put(rollout.endpoint(), rollout.id()))
                                    .as("one at work of an endpoint")
                                    .isNull());
                    open.stream()
                            .map(RolloutRecord::rollout)
                            .filter(rollout -> rollout.state() == RolloutState.HELD)
                            .forEach(rollout ->
                                    tryTo(() -> house.rollouts.resume(rollout.id(), GatewayFixture.ADA, "go on")));
                    return open.isEmpty();
                },
                "all come to an end");
        askBothUntil(() -> house.rollouts.driver().atWork().isEmpty(), "nobody is driven any more");
        assertThat(onTrial(IRIS)).isFalse();
        assertThat(onTrial(OTHER)).isFalse();
    }

    private void act(EndpointName endpoint, Random random) {
        for (int i = 0; i < 20; i++) {
            ask(endpoint);
        }
        tryTo(() -> {
            Optional<RolloutRecord> open = house
                    .catalog
                    .read(tx -> tx.rollouts().open().stream()
                            .filter(row -> row.rollout().endpoint().equals(endpoint.value()))
                            .toList())
                    .stream()
                    .findAny();
            if (open.isEmpty() || random.nextInt(3) == 0) {
                String version = List.of("1.0.0", "1.1.0", "1.2.0").get(random.nextInt(3));
                house.rollouts.start(house.wish(endpoint, version, QUICK, random.nextBoolean(), Optional.empty()));
                return;
            }
            String id = open.get().rollout().id();
            switch (random.nextInt(4)) {
                case 0 -> house.rollouts.abort(id, GatewayFixture.ADA, "enough");
                case 1 -> house.rollouts.promote(id, GatewayFixture.ADA, "I know it");
                case 2 -> house.rollouts.hold(id, GatewayFixture.ADA, "wait");
                default -> house.rollouts.resume(id, GatewayFixture.ADA, "go on");
            }
        });
    }

    private static void tryTo(Runnable act) {
        try {
            act.run();
        } catch (ProblemException elsewhere) {
            assertThat(elsewhere.problem().type().status()).isLessThan(500);
        }
    }

    @Test
    void a_stop_waits_for_the_writes_of_all_rollouts_together() throws Exception {
        start(IRIS, "1.1.0");
        start(OTHER, "1.2.0");
        askBothUntil(() -> onTrial(IRIS) && onTrial(OTHER), "both have traffic");
        toBlock.set(Integer.MAX_VALUE);
        long begin = System.nanoTime();
        house.rollouts.driver().close(Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(3500));
        toBlock.set(0);
    }
}
