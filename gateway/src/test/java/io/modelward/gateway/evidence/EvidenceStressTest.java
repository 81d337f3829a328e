package io.modelward.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EvidenceStressTest {

    private static final int THREADS = 6;
    private static final int EACH = 40_000;

    private final AtomicLong canaries = new AtomicLong();
    private final AtomicLong bad = new AtomicLong();
    private final AtomicLong actives = new AtomicLong();

    @Test
    void no_admitted_request_is_lost_or_counted_twice_while_ticks_turn_and_trials_change() throws Exception {
        // The deadline is never over: what is scored is scored because all of it has ended.
        Evidence evidence = new Evidence("r-1", Long.MAX_VALUE / 2, 0, new SplittableRandom(1));
        AtomicReference<Trial> current = new AtomicReference<>(evidence.prepare(1, 3_000));
        evidence.switchTo(current.get(), 0);
        List<Evidence.Scored> scored = new ArrayList<>();
        long now = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                callers.add(CompletableFuture.runAsync(() -> request(current), threads));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new));
            for (long revision = 2; !all.isDone(); revision++) {
                for (int i = 0; i < 20; i++) {
                    now += Evidence.TICK_NANOS;
                    scored.addAll(evidence.turn(now));
                }
                Trial next = evidence.prepare(revision, 3_000);
                current.set(next);
                evidence.switchTo(next, now);
            }
            all.join();
        }
        scored.addAll(evidence.finish(now));
        long nCanary = 0;
        long xCanary = 0;
        long nActive = 0;
        long last = 0;
        for (Evidence.Scored one : scored) {
            assertThat(one.tick().number()).isEqualTo(++last);
            nCanary += one.tick().errors().canaryRequests();
            xCanary += one.tick().errors().canaryBad();
            nActive += one.tick().errors().activeRequests();
            assertThat(one.tick().errors().activeBad()).isZero();
        }
        assertThat(nCanary).isEqualTo(canaries.get());
        assertThat(xCanary).isEqualTo(bad.get());
        assertThat(nActive).isEqualTo(actives.get());
        assertThat(nCanary + nActive).isEqualTo((long) THREADS * EACH);
        assertThat(scored).hasSizeGreaterThan(10);
    }

    // A yield makes more orders of events likely; the test is right without it.
    @SuppressWarnings("ThreadPriorityCheck")
    private void request(AtomicReference<Trial> current) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < EACH; i++) {
            boolean canary = random.nextInt(10) < 3;
            boolean ok = !canary || random.nextBoolean();
            Outcome outcome = null;
            while (outcome == null) {
                Trial trial = current.get();
                outcome = trial.admit(trial.draw(Optional.empty(), true), canary);
            }
            if (random.nextInt(200) == 0) {
                Thread.yield();
            }
            outcome.tell(ok, 1);
            (canary ? canaries : actives).incrementAndGet();
            if (!ok) {
                bad.incrementAndGet();
            }
        }
    }
}
