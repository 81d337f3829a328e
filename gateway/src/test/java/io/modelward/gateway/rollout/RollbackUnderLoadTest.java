package io.modelward.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.evidence.EvidenceCollector;
import io.modelward.gateway.predict.Request;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Rollbacks by the driver's own thread and the system's clock, with callers that do not stop. */
@Isolated
@Tag("simulation")
class RollbackUnderLoadTest {

    private static final int ROLLBACKS = 5;
    private static final long LEAST_NANOS = 3_000_000_000L;
    private static final int CALLERS = 4;
    /** With four callers, about 500 requests per second. */
    private static final long PAUSE_MILLIS = 8;

    private static final byte[] BODY = "{\"instances\":[[1,2]]}".getBytes(StandardCharsets.UTF_8);
    private static final String PLAN =
            "{'steps':[50,100],'min_dwell':'1h','step_timeout':'2h','evidence_deadline':'500ms','latency':false}";

    @TempDir
    Path directory;

    /** Which rollout it is; changes before the next one starts. */
    private final AtomicInteger phase = new AtomicInteger();

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failedByCandidate = new AtomicInteger();
    private final AtomicInteger askedAfterWithdrawal = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean stop;

    @Test
    void nobody_but_who_met_the_candidate_notices_its_rollback_and_nobody_meets_it_after() throws Exception {
        long best = Long.MAX_VALUE;
        try (GatewayFixture house = new GatewayFixture(directory, 5, Optional.of(System::nanoTime))) {
            house.publish("1.0.0");
            house.publish("1.1.0");
            house.serve("1.0.0");
            house.runtime.failing.put("default/iris@1.1.0", 1.0);
            house.rollouts.driver().start();
            try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
                Future<?>[] callers = new Future<?>[CALLERS];
                for (int i = 0; i < CALLERS; i++) {
                    callers[i] = threads.submit(() -> call(house));
                }
                long since = System.nanoTime();
                for (int i = 0; i < ROLLBACKS; i++) {
                    best = Math.min(best, rollback(house));
                }
                while (System.nanoTime() - since < LEAST_NANOS) {
                    Thread.sleep(20);
                }
                stop = true;
                for (Future<?> caller : callers) {
                    caller.get();
                }
            }
            house.rollouts.driver().close();
            assertThat(house.runtime.violations).isEmpty();
        }
        assertThat(wrong).isEmpty();
        assertThat(answered.get()).isGreaterThan(300);
        assertThat(failedByCandidate.get()).isPositive();
        assertThat(askedAfterWithdrawal.get()).isPositive();
        // The machine that tests run on is shared and stops threads for milliseconds, so the best of some is looked at.
        // Who waited for a
        // write or for another tick would take a tick at least.
        assertThat(best)
                .as("microseconds from knowing the tick to no traffic")
                .isLessThan(TimeUnit.NANOSECONDS.toMicros(EvidenceCollector.TICK_NANOS) / 10);
    }

    @Test
    void harm_is_acted_on_while_the_driver_waits_for_a_write_of_another_rollout_or_of_its_own() throws Exception {
        try (GatewayFixture house = new GatewayFixture(directory, 6, Optional.of(System::nanoTime))) {
            house.publish("1.0.0");
            house.publish("1.1.0");
            house.serve("1.0.0");
            house.rollouts.driver().start();
            CountDownLatch waiting = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            house.start("1.1.0", PLAN);
            try {
                while (house.table.get("iris").trial().isEmpty()) {
                    Thread.sleep(10);
                }
                house.failpoints = point -> {
                    if (point.equals("rollout.before-evidence")) {
                        waiting.countDown();
                        awaitQuietly(go);
                    }
                };
                for (int i = 0; i < 500 && waiting.getCount() > 0; i++) {
                    ask(house);
                    Thread.sleep(5);
                }
                assertThat(waiting.getCount())
                        .as("the driver waits for a write")
                        .isZero();
                house.runtime.failing.put("default/iris@1.1.0", 1.0);
                for (int i = 0; i < 2000 && house.table.get("iris").trial().isPresent(); i++) {
                    ask(house);
                    Thread.sleep(5);
                }
                assertThat(house.table.get("iris").trial())
                        .as("its traffic is away")
                        .isEmpty();
                assertThat(go.getCount()).as("the write still waits").isEqualTo(1);
            } finally {
                go.countDown();
                house.failpoints = Failpoints.NONE;
            }
            for (int i = 0;
                    i < 500 && house.rollouts.driver().atWork().iterator().hasNext();
                    i++) {
                Thread.sleep(20);
            }
            assertThat(house.rollouts.quarantines(GatewayFixture.IRIS))
                    .as("it is rolled back for good")
                    .hasSize(1);
            house.rollouts.driver().close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long rollback(GatewayFixture house) throws Exception {
        phase.incrementAndGet();
        String id = house.start("1.1.0", PLAN);
        for (int i = 0; i < 500 && !house.rollouts.get(id).rollout().state().ended(); i++) {
            Thread.sleep(20);
        }
        RolloutProgress progress = house.rollouts.get(id).rollout().progress();
        assertThat(progress.state()).as(progress.reason()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(progress.withdrawnMicros()).isPresent();
        // Some more requests in this phase, which must not meet the candidate.
        Thread.sleep(100);
        house.rollouts.release(GatewayFixture.IRIS, SemVer.parse("1.1.0"), GatewayFixture.ADA, "once more");
        return progress.withdrawnMicros().getAsLong();
    }

    private void call(GatewayFixture house) {
        int met = 0;
        while (!stop) {
            int now = phase.get();
            boolean onTrial =
                    Objects.requireNonNull(house.table.get("iris")).trial().isPresent();
            met = onTrial ? now : met;
            String version = ask(house);
            // It was on trial in this phase before this request was sent, and was no more when it was.
            if (!onTrial && met == now && now > 0 && phase.get() == now) {
                askedAfterWithdrawal.incrementAndGet();
                if (version.equals("1.1.0")) {
                    wrong.add("answered by the candidate after its withdrawal");
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    /** The version that answered or failed. */
    private String ask(GatewayFixture house) {
        try {
            String version = house.predictor
                    .predict(Request.of("iris", BODY))
                    .join()
                    .version()
                    .version()
                    .toString();
            answered.incrementAndGet();
            return version;
        } catch (CompletionException failed) {
            Problem problem = ((ProblemException) failed.getCause()).problem();
            String version = (String) problem.extra().get("model_version");
            if (problem.type() == ProblemType.MODEL_FAILED && version.equals("1.1.0")) {
                failedByCandidate.incrementAndGet();
            } else {
                wrong.add(problem.toString());
            }
            return version;
        } catch (RuntimeException failure) {
            wrong.add(failure.toString());
            return "";
        }
    }
}
