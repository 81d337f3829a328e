package io.modelward.gateway.evidence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.evidence.Tick;
import io.modelward.core.rollout.ScoredTick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the evidence of one rollout in this process: one {@link Trial} at a time, and the cohorts that wait for their score. Cohorts are
 * scored in the order of their ticks.
 */
public final class Evidence {

    /** How long requests are counted together. */
    public static final long TICK_NANOS = 200_000_000;

    /** A scored tick with the keys that it was the first to see. */
    public record Scored(ScoredTick tick, byte[] keys) {}

    private final String rollout;
    private final long deadlineNanos;
    private final RandomGenerator random;
    private final SeenKeys keys = new SeenKeys();

    @GuardedBy("this")
    private final Deque<Cohort> waiting = new ArrayDeque<>();

    private volatile OptionalLong thresholdNanos = OptionalLong.empty();

    @GuardedBy("this")
    private @Nullable Trial trial;

    @GuardedBy("this")
    private long lastTick;

    @GuardedBy("this")
    private long turnedAt;

    /** @param lastTick the number of the last tick that is kept already */
    public Evidence(String rollout, long deadlineNanos, long lastTick, RandomGenerator random) {
        this.rollout = rollout;
        this.deadlineNanos = deadlineNanos;
        this.lastTick = lastTick;
        this.random = random;
    }

    String rollout() {
        return rollout;
    }

    SeenKeys keys() {
        return keys;
    }

    OptionalLong thresholdNanos() {
        return thresholdNanos;
    }

    /** Those that were scored before a restart. */
    public void restoreKeys(byte[] kept) {
        keys.restore(kept);
    }

    /** From the next cohort on, requests beyond this latency are slow. */
    public void freeze(long micros) {
        thresholdNanos = OptionalLong.of(micros * 1000);
    }

    public boolean comparesLatency() {
        return thresholdNanos.isPresent();
    }

    /** A trial for the next route revision, which takes over with {@link #switchTo} once requests can find it. */
    public Trial prepare(long revision, int weight) {
        return new Trial(this, revision, weight, random);
    }

    /** The trial before admits nobody any more; what it admitted is still scored. */
    public synchronized void switchTo(Trial next, long now) {
        end(now);
        trial = next;
        turnedAt = now;
    }

    /** Ends the trial; what it admitted is still scored. */
    public synchronized void end(long now) {
        if (trial != null) {
            trial.close(now);
            trial = null;
        }
    }

    synchronized void sealed(Cohort cohort) {
        if (!cohort.isEmpty()) {
            waiting.add(cohort);
        }
    }

    /** Ends the current tick when its time is over, and answers those that are due. */
    public synchronized List<Scored> turn(long now) {
        if (trial != null && now - turnedAt >= TICK_NANOS) {
            turnedAt = now;
            trial.turn(now);
        }
        return due(now, deadlineNanos);
    }

    /** Ends the trial and scores all that waits, as it stands. */
    public synchronized List<Scored> finish(long now) {
        end(now);
        return due(now, 0);
    }

    @GuardedBy("this")
    private List<Scored> due(long now, long deadline) {
        List<Scored> scored = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().due(now, deadline)) {
            Cohort cohort = waiting.remove();
            Tick errors = cohort.errors();
            Optional<Tick> latency = cohort.latency();
            scored.add(new Scored(
                    new ScoredTick(++lastTick, cohort.revision(), errors, latency), SeenKeys.bytes(cohort.keys())));
        }
        return scored;
    }
}
