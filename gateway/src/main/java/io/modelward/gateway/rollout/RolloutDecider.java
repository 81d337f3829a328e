package io.modelward.gateway.rollout;

import io.modelward.core.rollout.Observation;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRules;
import io.modelward.gateway.evidence.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Decides what happens to a rollout now. Where that takes the candidate's traffic away, it is away already when this answers. */
final class RolloutDecider {

    private final CandidateRoutes routes;
    private final LiveRollouts lives;
    private final LongSupplier nanos;

    RolloutDecider(CandidateRoutes routes, LiveRollouts lives, LongSupplier nanos) {
        this.routes = routes;
        this.lives = lives;
        this.nanos = nanos;
    }

    Optional<Transition> decide(LiveRollout one, long now) {
        one.lock.lock();
        try {
            return decided(one, now);
        } finally {
            one.lock.unlock();
        }
    }

    private Optional<Transition> decided(LiveRollout one, long now) {
        if (one.orphaned) {
            return Optional.of(RolloutRules.restarted(one.rollout));
        }
        Optional<Transition> deleted = one.deleted.flatMap(why -> RolloutRules.deleted(one.rollout, why));
        if (deleted.isPresent()) {
            return deleted.map(transition -> withdrawn(one, transition, now));
        }
        return switch (one.rollout.state()) {
            case LOADING -> lives.loaded(one);
            case RUNNING, HELD, BAKING -> judged(one, now).map(transition -> withdrawn(one, transition, now));
            case ABORTING -> Optional.of(RolloutRules.rolledBack(one.rollout));
            default -> Optional.empty();
        };
    }

    private Optional<Transition> judged(LiveRollout one, long now) {
        Optional<Transition> lost = lives.republish(one, now);
        if (lost.isPresent()) {
            return lost;
        }
        lives.compareLatency(one, now);
        Observation seen = count(one, now);
        return RolloutRules.next(one.rollout, seen);
    }

    /** Takes in what was scored, and takes the traffic away when that proves harm. Holding the lock; waits for nothing. */
    private Observation count(LiveRollout one, long now) {
        List<Evidence.Scored> scored = one.evidence.turn(now);
        long known = nanos.getAsLong();
        one.count(scored, now);
        Observation seen = one.observe();
        if (RolloutRules.takesTraffic(one.rollout, seen)) {
            routes.withdraw(one, known, nanos);
        }
        return seen;
    }

    /** Takes harmful traffic away, while whoever drives the rollout may be waiting for the catalog. */
    void watch(LiveRollout one, long now) {
        // Who holds the lock now counts by itself.
        if (!one.lock.tryLock()) {
            return;
        }
        try {
            if (one.published && !one.orphaned) {
                count(one, now);
            }
        } finally {
            one.lock.unlock();
        }
    }

    /** The transition, with the traffic taken away if that is what it does. */
    Transition withdrawn(LiveRollout one, Transition transition, long since) {
        one.lock.lock();
        try {
            if (transition.route().equals(Optional.of(Traffic.NONE))) {
                routes.withdraw(one, since, nanos);
            }
            return one.timed(transition);
        } finally {
            one.lock.unlock();
        }
    }
}
