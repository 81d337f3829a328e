package io.modelward.gateway.rollout;

import io.modelward.core.evidence.Tick;
import io.modelward.core.rollout.Failures;
import io.modelward.core.rollout.Judge;
import io.modelward.core.rollout.Observation;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.gateway.evidence.Evidence;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.registry.Actor;
import io.modelward.runtime.ModelInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A rollout that is at work in this process. What it holds is guarded by {@link #lock}; whoever holds the lock does not wait for the
 * catalog, unless the candidate has no traffic yet. Only its driver changes its state; the {@link HarmWatch} counts too, and takes traffic away.
 */
final class LiveRollout {

    /** A pause of the process is not time in which the candidate was watched. */
    private static final long LONGEST_MILLIS = 1000;
    /** How many ticks back the versions' own error rates are looked at: 5 s. */
    private static final int INCIDENT_TICKS = 25;

    private static final long INCIDENT_LEAST = 20;
    private static final long SETTLING_NANOS = 1_000_000_000;

    final ReentrantLock lock = new ReentrantLock();

    RolloutRecord row;
    /** Ahead of what is kept by the ticks in {@link #unsaved} and a little time. */
    Rollout rollout;

    Judge judge;
    final Evidence evidence;
    final List<Evidence.Scored> unsaved = new ArrayList<>();
    final Object holder = new Object();

    @Nullable
    LoadedModel candidate;
    /** Whether requests can reach the candidate. */
    boolean published;
    /** How long it took to take its traffic away for good, perhaps ahead of the catalog; empty while it may have traffic. */
    OptionalLong withdrawnMicros = OptionalLong.empty();

    /** A person's order to take the traffic away that could not be written: the traffic is away, and writing is tried again. */
    Optional<Refused> refused = Optional.empty();

    /** That the candidate was deleted, in words: it is to end. */
    Optional<String> deleted = Optional.empty();

    /** An order with who gave it and why. */
    record Refused(Transition transition, Actor actor, String reason) {}

    /** Whether what is kept is not what is here, so that it must be read again. */
    boolean stale;

    /** Whether the process that drove it before died; to be written down before anything else happens to it. */
    boolean orphaned;
    /** Whether it is still to be noted that this process drives it. */
    private boolean unmarked;

    private final Deque<Tick> recent = new ArrayDeque<>();
    private long lastNanos;
    private long servingSince;

    LiveRollout(RolloutRecord row, Judge judge, Evidence evidence, long now) {
        this.row = row;
        this.rollout = row.rollout();
        this.judge = judge;
        this.evidence = evidence;
        this.lastNanos = now;
    }

    /** It was at work before this process began. */
    void takeOver() {
        orphaned = row.attended() && rollout.state().serving();
        unmarked = true;
    }

    /** What was counted up to one moment. */
    record Counted(Rollout rollout, List<Evidence.Scored> ticks) {}

    /** What is not kept yet, of the ticks up to and with a number. */
    Counted counted(long lastTick) {
        lock.lock();
        try {
            return new Counted(
                    rollout,
                    unsaved.stream()
                            .filter(one -> one.tick().number() <= lastTick)
                            .toList());
        } finally {
            lock.unlock();
        }
    }

    /** All that is not kept yet. */
    Counted counted() {
        return counted(Long.MAX_VALUE);
    }

    /** These counts are kept, with this row. What was counted meanwhile is not. */
    void saved(RolloutRecord kept, Counted counted) {
        lock.lock();
        try {
            unsaved.removeAll(counted.ticks());
            row = kept;
            unmarked = false;
        } finally {
            lock.unlock();
        }
    }

    /** The state of this row is kept, and these counts. What was counted meanwhile counts for the new state. */
    void written(RolloutRecord kept, Counted counted) {
        lock.lock();
        try {
            saved(kept, counted);
            rollout = kept.rollout();
            refused = Optional.empty();
            orphaned = false;
            for (Evidence.Scored one : unsaved) {
                rollout = rollout.with(
                        rollout.progress().after(0, 0, samples(one), one.tick().number()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A cohort of the step before is evidence, but no sample of this one. */
    private long samples(Evidence.Scored one) {
        return one.tick().revision() == rollout.progress().revision()
                ? one.tick().errors().canaryRequests()
                : 0;
    }

    /** The transition with the time that it took to take the traffic away, if that was done. */
    Transition timed(Transition transition) {
        if (withdrawnMicros.isEmpty()) {
            return transition;
        }
        Rollout after = transition.rollout();
        return new Transition(
                after.with(after.progress().withWithdrawn(withdrawnMicros.getAsLong())),
                transition.route(),
                transition.action());
    }

    /** Requests can reach the candidate from now on. */
    void serves(long now) {
        if (!published) {
            published = true;
            lastNanos = now;
            servingSince = now;
        }
    }

    /** Whether the candidate has served long enough in this process to be compared in latency. */
    boolean settled(long now) {
        return published && now - servingSince >= SETTLING_NANOS;
    }

    /** Takes in what was scored since the last time, and the time itself. */
    void count(List<Evidence.Scored> scored, long now) {
        long millis = Math.min(LONGEST_MILLIS, Math.max(0, (now - lastNanos) / 1_000_000));
        lastNanos += (now - lastNanos) / 1_000_000 * 1_000_000;
        long samples = 0;
        long lastTick = rollout.progress().lastTick();
        for (Evidence.Scored one : scored) {
            judge.add(one.tick());
            unsaved.add(one);
            lastTick = one.tick().number();
            samples += samples(one);
            recent.add(one.tick().errors());
        }
        while (recent.size() > INCIDENT_TICKS) {
            recent.remove();
        }
        boolean served = published;
        boolean dwells = served && rollout.state() != RolloutState.HELD;
        rollout = rollout.with(rollout.progress().after(dwells ? millis : 0, served ? millis : 0, samples, lastTick));
    }

    Observation observe() {
        return Observation.of(judge, rollout.progress().acknowledged(), ready(), lately());
    }

    /** Whether requests can reach the candidate, and it is loaded and warm. */
    boolean ready() {
        return published && candidate != null && candidate.running().info().state() == ModelInfo.State.READY;
    }

    private Optional<Failures> lately() {
        Failures lately = new Failures(
                recent.stream().mapToLong(Tick::canaryRequests).sum(),
                recent.stream().mapToLong(Tick::canaryBad).sum(),
                recent.stream().mapToLong(Tick::activeRequests).sum(),
                recent.stream().mapToLong(Tick::activeBad).sum());
        return lately.activeRequests() < INCIDENT_LEAST ? Optional.empty() : Optional.of(lately);
    }

    /** A person went on; what was seen of the active version until then does not hold the rollout again. */
    void forgetIncident() {
        recent.clear();
    }

    /** Whether what is kept is behind by enough to write it. */
    boolean isBehind() {
        lock.lock();
        try {
            return unmarked
                    || !unsaved.isEmpty()
                    || rollout.progress().servedMillis()
                                    - row.rollout().progress().servedMillis()
                            >= LONGEST_MILLIS;
        } finally {
            lock.unlock();
        }
    }

    RolloutView view() {
        lock.lock();
        try {
            return new RolloutView(row, rollout, judge.readings(), judge.nonInferior(), Optional.empty());
        } finally {
            lock.unlock();
        }
    }
}
