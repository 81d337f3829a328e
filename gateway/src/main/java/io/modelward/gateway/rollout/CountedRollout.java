package io.modelward.gateway.rollout;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.rollout.FailureCounts;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Observation;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.evidence.EvidenceCollector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A rollout as it is kept, and what was counted since: scored ticks and time. It belongs to one {@link RolloutActor},
 * whose lock guards it; nothing here waits.
 */
final class CountedRollout {

    /** A pause of the process is not time in which the candidate was watched. */
    private static final long LONGEST_MILLIS = 1000;
    /** How many ticks back the versions' own error rates are looked at: 5 s. */
    private static final int INCIDENT_TICKS = 25;

    private static final long INCIDENT_LEAST = 20;

    private RolloutRecord row;
    /** Ahead of what is kept by the ticks in {@link #unsaved} and a little time. */
    private Rollout rollout;

    private LimitMonitor monitor;
    private final EvidenceCollector evidence;
    private final List<EvidenceCollector.Scored> unsaved = new ArrayList<>();
    private final Deque<ScoredTick> recent = new ArrayDeque<>();
    /** Whether it is still to be noted that this process drives it. */
    private boolean unmarked;

    private long lastNanos;

    CountedRollout(RolloutRecord row, LimitMonitor monitor, EvidenceCollector evidence, long now) {
        this.row = row;
        this.rollout = row.rollout();
        this.monitor = monitor;
        this.evidence = evidence;
        this.lastNanos = now;
    }

    /** The counts up to one moment, to be written. */
    record Counted(RolloutRecord before, Rollout rollout, List<EvidenceCollector.Scored> ticks) {}

    RolloutRecord row() {
        return row;
    }

    Rollout rollout() {
        return rollout;
    }

    EvidenceCollector evidence() {
        return evidence;
    }

    LimitMonitor monitor() {
        return monitor;
    }

    /** It was at work before this process began: the next save notes who drives it now. */
    void markLater() {
        unmarked = true;
    }

    /** With other measures, which are kept with the next write. */
    void measured(Rollout now) {
        rollout = now;
    }

    /** Judges anew by the measures of the rollout, which has no ticks yet. */
    void begin(Rollout now) {
        rollout = now;
        monitor = new LimitMonitor(now.plan(), now.progress().errorPrior());
    }

    /** The candidate has traffic from now on; the time before was not watched. */
    void watchedFrom(long now) {
        lastNanos = now;
    }

    /** The ticks that are not kept yet, up to and with a number. */
    Counted counted(long lastTick) {
        return new Counted(
                row,
                rollout,
                unsaved.stream().filter(one -> one.tick().number() <= lastTick).toList());
    }

    /** All that is not kept yet. */
    Counted counted() {
        return counted(Long.MAX_VALUE);
    }

    /** These counts are kept, with this row. What was counted meanwhile is not. */
    void saved(RolloutRecord kept, Counted counted) {
        unsaved.removeAll(counted.ticks());
        row = kept;
        unmarked = false;
    }

    /** The state of this row is kept, and these counts. What was counted meanwhile counts for the new state. */
    void written(RolloutRecord kept, Counted counted) {
        saved(kept, counted);
        rollout = kept.rollout();
        for (EvidenceCollector.Scored one : unsaved) {
            rollout = rollout.with(
                    rollout.progress().after(0, 0, samples(one), one.tick().number()));
        }
    }

    /** A tick of the step before is evidence, but no sample of this one. */
    private long samples(EvidenceCollector.Scored one) {
        return one.tick().revision() == rollout.progress().revision()
                ? one.tick().counts(Guardrail.ERRORS, ArmId.CANDIDATE).requests()
                : 0;
    }

    /**
     * Takes in what was scored since the last time, and the time itself.
     *
     * @param served whether the candidate has traffic
     */
    void count(List<EvidenceCollector.Scored> scored, boolean served, boolean held, long now) {
        long millis = Math.min(LONGEST_MILLIS, Math.max(0, (now - lastNanos) / 1_000_000));
        lastNanos += (now - lastNanos) / 1_000_000 * 1_000_000;
        long samples = 0;
        long lastTick = rollout.progress().lastTick();
        for (EvidenceCollector.Scored one : scored) {
            monitor.add(one.tick());
            unsaved.add(one);
            lastTick = one.tick().number();
            samples += samples(one);
            recent.add(one.tick());
        }
        while (recent.size() > INCIDENT_TICKS) {
            recent.remove();
        }
        rollout = rollout.with(
                rollout.progress().after(served && !held ? millis : 0, served ? millis : 0, samples, lastTick));
    }

    /** @param ready whether the candidate is loaded, warm and has traffic */
    Observation observe(boolean ready) {
        return Observation.of(monitor, rollout.progress().acknowledged(), ready, lately());
    }

    private Optional<FailureCounts> lately() {
        FailureCounts lately = FailureCounts.NONE;
        for (ScoredTick tick : recent) {
            lately = lately.plus(new FailureCounts(
                    tick.counts(Guardrail.ERRORS, ArmId.CANDIDATE), tick.counts(Guardrail.ERRORS, ArmId.ACTIVE)));
        }
        return lately.active().requests() < INCIDENT_LEAST ? Optional.empty() : Optional.of(lately);
    }

    /** A person went on; what was seen of the active version until then does not hold the rollout again. */
    void forgetIncident() {
        recent.clear();
    }

    /** Whether the kept state is behind by enough to write the new one. */
    boolean isBehind() {
        return unmarked
                || !unsaved.isEmpty()
                || rollout.progress().servedMillis() - row.rollout().progress().servedMillis() >= LONGEST_MILLIS;
    }

    RolloutView view() {
        return new RolloutView(row, rollout, monitor.readings(), monitor.nonInferior(), Optional.empty());
    }
}
