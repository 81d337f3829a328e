package io.modelward.gateway.rollout;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Crossing;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Traffic;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RolloutStep;
import io.modelward.core.route.Route;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.version.EndpointName;
import io.modelward.core.webhook.Event;
import io.modelward.gateway.evidence.EvidenceCollector;
import io.modelward.gateway.rollout.CountedRollout.Counted;
import io.modelward.gateway.route.Revisions;
import io.modelward.registry.Actor;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the changes of rollouts: evidence, state, route revision and audit entry of one change are one transaction.
 */
final class RolloutCommits {

    private final Catalog catalog;
    private final Failpoints failpoints;
    private final InstantSource clock;

    RolloutCommits(Catalog catalog, Failpoints failpoints, InstantSource clock) {
        this.catalog = catalog;
        this.failpoints = failpoints;
        this.clock = clock;
    }

    /** A change by a person, whose reason is refused when it is too long. */
    Change change(Actor actor, String reason) {
        return actor.change(clock.instant(), reason);
    }

    /** A change by the server, whose reason is cut when it is too long. */
    Change change(String reason) {
        boolean cut = reason.length() > Actor.LONGEST_REASON;
        return change(Actor.SERVER, cut ? reason.substring(0, Actor.LONGEST_REASON) : reason);
    }

    /**
     * The results of a commit.
     *
     * @param route the route that is in force since, when the transition changed it
     */
    record Committed(RolloutRecord row, Optional<Endpoint> endpoint, Optional<Route> route) {}

    /** Keeps counted ticks and time, without a change of state. */
    RolloutRecord save(Counted counted, Change change) {
        failpoints.pass("rollout.before-evidence");
        return catalog.write(tx -> save(tx, counted.before(), counted.rollout(), counted.ticks(), change));
    }

    /** Keeps counted ticks and time, and notes that the process stops in good order. */
    void leave(Counted counted, Change change) {
        save(counted, change);
        catalog.write(tx -> {
            tx.rollouts().leave(counted.rollout().id());
            return true;
        });
    }

    private static RolloutRecord save(
            CatalogTransaction tx,
            RolloutRecord before,
            Rollout now,
            List<EvidenceCollector.Scored> ticks,
            Change change) {
        for (EvidenceCollector.Scored scored : ticks) {
            tx.rollouts().insertTick(now.id(), scored.tick(), scored.keys());
        }
        long version = tx.rollouts().update(now, before.version(), change.at());
        return before.changed(now, version, change.at());
    }

    /** Makes a transition durable, with the ticks that led to it. */
    Committed commit(RolloutRecord before, Transition transition, List<EvidenceCollector.Scored> ticks, Change change) {
        failpoints.pass("rollout.before-transition");
        Committed committed = catalog.write(tx -> commit(tx, before, transition, ticks, change));
        failpoints.pass("rollout.after-transition");
        return committed;
    }

    Committed commit(
            CatalogTransaction tx,
            RolloutRecord before,
            Transition transition,
            List<EvidenceCollector.Scored> ticks,
            Change change) {
        Rollout next = transition.rollout();
        Optional<Endpoint> endpoint = Optional.empty();
        Optional<Route> route = Optional.empty();
        if (transition.route().isPresent()) {
            if (!transition.route().get().equals(Traffic.NONE)) {
                RolloutOpener.deleted(tx, next).ifPresent(why -> {
                    throw ProblemException.conflict(why);
                });
            }
            RouteRevision current = Revisions.current(tx, EndpointName.parse(next.endpoint()));
            route = Optional.of(new Route(
                    next.endpoint(),
                    current.revision() + 1,
                    next.arms(transition.route().get()).stream()
                            .map(arm -> arm.evaluated(current.active().evaluate()))
                            .toList(),
                    current.contract()));
            next = next.with(next.progress().withRevision(route.get().revision()));
            endpoint = Optional.of(insertRevision(tx, current, route.get(), transition, next, change));
        } else {
            audit(tx, transition, next, change);
        }
        tell(tx, before.rollout().state(), next, change);
        if (next.state() == RolloutState.ABORTING && transition.action().equals("rollback")) {
            quarantine(tx, next, change);
        }
        return new Committed(save(tx, before, next, ticks, change), endpoint, route);
    }

    /** Tells webhooks of a state that people want to know of, once. */
    private static void tell(CatalogTransaction tx, RolloutState before, Rollout next, Change change) {
        if (before == next.state()) {
            return;
        }
        switch (next.state()) {
            case HELD -> Events.rollout(tx, Event.ROLLOUT_HELD, next, change);
            case PROMOTED -> Events.rollout(tx, Event.ROLLOUT_PROMOTED, next, change);
            case ROLLED_BACK -> Events.rollout(tx, Event.ROLLOUT_ROLLED_BACK, next, change);
            default -> {
                // A step further: the journal tells.
            }
        }
    }

    private static Endpoint insertRevision(
            CatalogTransaction tx,
            RouteRevision current,
            Route route,
            Transition transition,
            Rollout next,
            Change change) {
        boolean promoted = transition.route().equals(Optional.of(Traffic.ALL));
        RouteRevision row = RouteRevision.of(
                route,
                promoted ? "promote" : "rollout." + transition.action(),
                false,
                Optional.of(new RolloutStep(next.id(), next.progress().step())),
                change);
        return Revisions.insert(
                tx,
                row,
                current.revision(),
                "rollout." + transition.action(),
                new Arm(next.candidate(), 0, ArmRole.CANDIDATE),
                detail(next));
    }

    private static void audit(CatalogTransaction tx, Transition transition, Rollout next, Change change) {
        ObjectNode detail = detail(next)
                .put("model", next.candidate().model().toString())
                .put("version", next.candidate().version().toString())
                .put("digest", next.candidate().digest().toString());
        tx.audit().append(change, "rollout." + transition.action(), "endpoint:" + next.endpoint(), detail);
    }

    private static ObjectNode detail(Rollout rollout) {
        ObjectNode detail = Json.object()
                .put("rollout", rollout.id())
                .put("state", rollout.state().name())
                .put("step", rollout.progress().step() + 1)
                .put("what", rollout.progress().reason());
        rollout.progress().verdict().map(Crossing::toJson).ifPresent(verdict -> detail.set("verdict", verdict));
        return detail;
    }

    private static void quarantine(CatalogTransaction tx, Rollout rollout, Change change) {
        if (tx.rollouts()
                .quarantined(rollout.endpoint(), rollout.candidate().digest())
                .isEmpty()) {
            tx.rollouts()
                    .quarantine(new Quarantine(
                            rollout.endpoint(),
                            rollout.candidate().digest(),
                            rollout.id(),
                            rollout.candidate().model(),
                            rollout.candidate().version(),
                            change.at(),
                            rollout.progress().reason()));
        }
    }
}
