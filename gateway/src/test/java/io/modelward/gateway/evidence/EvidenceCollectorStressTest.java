package io.modelward.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.ArmId;
import io.modelward.core.rollout.Guardrail;
import io.modelward.gateway.evidence.TrafficSplit.OutcomeListener;
import io.modelward.gateway.evidence.TrafficSplit.Share;
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

class EvidenceCollectorStressTest {

    private static final int THREADS = 6;
    private static final List<Share> SHARES = List.of(new Share(ArmId.CANDIDATE, 3_000));
    private static final int EACH = 40_000;

    private final AtomicLong candidates = new AtomicLong();
    private final AtomicLong bad = new AtomicLong();
    private final AtomicLong actives = new AtomicLong();

    @Test
    void no_admitted_request_is_lost_or_counted_twice_while_ticks_turn_and_splits_change() throws Exception {
        // The deadline is never over: what is scored is scored because all of it has ended.
        EvidenceCollector evidence = new EvidenceCollector("r-1", Long.MAX_VALUE / 2, 0, new SplittableRandom(1));
        AtomicReference<TrafficSplit> current = new AtomicReference<>(evidence.prepare(1, SHARES));
        evidence.switchTo(current.get(), 0);
        List<EvidenceCollector.Scored> scored = new ArrayList<>();
        long now = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                callers.add(CompletableFuture.runAsync(() -> request(current), threads));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new));
            for (long revision = 2; !all.isDone(); revision++) {
                for (int i = 0; i < 20; i++) {
                    now += EvidenceCollector.TICK_NANOS;
                    scored.addAll(evidence.turn(now));
                }
                TrafficSplit next = evidence.prepare(revision, SHARES);
                current.set(next);
                evidence.switchTo(next, now);
            }
            all.join();
        }
        scored.addAll(evidence.finish(now));
        long nCandidate = 0;
        long xCandidate = 0;
        long nActive = 0;
        long last = 0;
        for (EvidenceCollector.Scored one : scored) {
            assertThat(one.tick().number()).isEqualTo(++last);
            nCandidate += counts(one, ArmId.CANDIDATE).requests();
            xCandidate += counts(one, ArmId.CANDIDATE).bad();
            nActive += counts(one, ArmId.ACTIVE).requests();
            assertThat(counts(one, ArmId.ACTIVE).bad()).isZero();
        }
        assertThat(nCandidate).isEqualTo(candidates.get());
        assertThat(xCandidate).isEqualTo(bad.get());
        assertThat(nActive).isEqualTo(actives.get());
        assertThat(nCandidate + nActive).isEqualTo((long) THREADS * EACH);
        assertThat(scored).hasSizeGreaterThan(10);
    }

    private static ArmCounts counts(EvidenceCollector.Scored scored, ArmId arm) {
        return scored.tick().counts(Guardrail.ERRORS, arm);
    }

    // A yield makes more orders of events likely; the test is right without it.
    @SuppressWarnings("ThreadPriorityCheck")
    private void request(AtomicReference<TrafficSplit> current) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < EACH; i++) {
            boolean candidate = random.nextInt(10) < 3;
            boolean ok = !candidate || random.nextBoolean();
            OutcomeListener outcome = null;
            while (outcome == null) {
                TrafficSplit split = current.get();
                outcome = split.admit(split.assign(Optional.empty(), true), candidate ? ArmId.CANDIDATE : ArmId.ACTIVE);
            }
            if (random.nextInt(200) == 0) {
                Thread.yield();
            }
            outcome.tell(ok, 1);
            (candidate ? candidates : actives).incrementAndGet();
            if (!ok) {
                bad.incrementAndGet();
            }
        }
    }
}
