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
        if (one.orphaned) {
            return Optional.of(RolloutRules.restarted(one.rollout));
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
        List<Evidence.Scored> scored = one.evidence.turn(now);
        long known = nanos.getAsLong();
        one.count(scored, now);
        Observation seen = one.observe();
        if (RolloutRules.takesTraffic(one.rollout, seen)) {
            routes.withdraw(one, known, nanos);
        }
        return RolloutRules.next(one.rollout, seen);
    }

    /** The transition, with the traffic taken away if that is what it does. */
    Transition withdrawn(LiveRollout one, Transition transition, long since) {
        if (transition.route().equals(Optional.of(Traffic.NONE))) {
            routes.withdraw(one, since, nanos);
        }
        return one.timed(transition);
    }
}
