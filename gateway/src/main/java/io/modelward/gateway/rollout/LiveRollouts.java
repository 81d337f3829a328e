package io.modelward.gateway.rollout;

import io.modelward.core.evidence.Tick;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Judge;
import io.modelward.core.rollout.LatencyGuard;
import io.modelward.core.rollout.Progress;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.Rollout.Transition;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutRules;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.evidence.Evidence;
import io.modelward.gateway.evidence.RecentRequests;
import io.modelward.gateway.model.LoadedModel;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.gateway.route.PresentNames;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/** Opens rollouts in this process, loads their candidates and measures what they are compared with. */
final class LiveRollouts {

    private static final int REHEARSAL = 300;

    private final Catalog catalog;
    private final ModelPool pool;
    private final CandidateRoutes routes;
    private final RandomGenerator random;

    LiveRollouts(Catalog catalog, ModelPool pool, CandidateRoutes routes, RandomGenerator random) {
        this.catalog = catalog;
        this.pool = pool;
        this.routes = routes;
        this.random = random;
    }

    RolloutRecord require(String id) {
        return catalog.read(tx -> tx.rollouts().find(id)).orElseThrow(RolloutDriver::unknown);
    }

    /** With all evidence that is kept: it is never begun anew. */
    LiveRollout open(RolloutRecord row, long now) {
        Rollout rollout = row.rollout();
        rehearse(rollout.plan());
        Judge judge = judge(row);
        Evidence evidence = catalog.read(tx -> {
            Evidence restored = new Evidence(
                    rollout.id(),
                    rollout.plan().evidenceDeadline().toNanos(),
                    rollout.progress().lastTick(),
                    random);
            tx.rollouts().forEachKeys(rollout.id(), restored::restoreKeys);
            return restored;
        });
        LiveRollout one = new LiveRollout(row, judge, evidence, now);
        findDeleted(one);
        return one;
    }

    /** Brings the names in memory to those of now, where that could not be done before. */
    void catchUp() {
        pool.names().catchUp();
    }

    /** Notes when the candidate was deleted. */
    void findDeleted(LiveRollout one) {
        Optional<String> deleted = catalog.read(tx -> deleted(tx, one.rollout));
        one.lock.lock();
        try {
            one.deleted = deleted;
        } finally {
            one.lock.unlock();
        }
    }

    /** That the rollout's candidate was deleted, in words. */
    static Optional<String> deleted(CatalogTransaction tx, Rollout rollout) {
        PresentNames names = new PresentNames(tx);
        return names.deletedAt(rollout.candidate())
                .map(at -> "The candidate " + names.of(rollout).candidate().reference() + " was deleted at " + at
                        + ", so it gets no requests of endpoint " + rollout.endpoint() + ".");
    }

    /** A rollout at work under the names that its models have now, as far as they are in memory: it is looked at also while the catalog is slow. */
    RolloutView named(RolloutView view) {
        Rollout rollout = view.rollout();
        Rollout named = rollout.named(
                pool.names()
                        .now(rollout.candidate().modelId(), rollout.candidate().model()),
                pool.names().now(rollout.active().modelId(), rollout.active().model()));
        return new RolloutView(view.kept(), named, view.readings(), view.nonInferior(), view.candidateDeleted());
    }

    /** Judges made-up ticks, so that the first real one does not wait for the compiler: harm is to be acted on within a millisecond. */
    private static void rehearse(RolloutPlan plan) {
        Judge judge = new Judge(plan, 0.01);
        for (int tick = 1; tick <= REHEARSAL; tick++) {
            Tick counts = new Tick(0.05, 5, tick % 2, 95, 1);
            judge.add(new ScoredTick(tick, 1, counts, Optional.of(counts)));
            judge.harm();
        }
    }

    /** The judgement of the ticks that are kept. */
    Judge judge(RolloutRecord row) {
        return catalog.read(tx -> {
            Judge judge =
                    new Judge(row.rollout().plan(), row.rollout().progress().errorPrior());
            tx.rollouts()
                    .forEachTick(row.rollout().id(), 0, row.rollout().progress().lastTick(), judge::add);
            return judge;
        });
    }

    /** Whether the candidate is loaded by now, and what follows. */
    Optional<Transition> loaded(LiveRollout one) {
        try {
            Optional<LoadedModel> candidate = load(one);
            if (candidate.isEmpty() || !candidate.get().running().ready().isDone()) {
                return Optional.empty();
            }
            candidate.get().running().ready().join();
        } catch (CompletionException failed) {
            return Optional.of(RolloutRules.loadFailed(one.rollout, words(one.rollout, failed)));
        }
        Rollout measured =
                measured(one.rollout, routes.current(one.rollout).active().recent());
        one.judge = new Judge(measured.plan(), measured.progress().errorPrior());
        return Optional.of(RolloutRules.begin(measured));
    }

    /** After a restart: the candidate gets its share again once it is loaded. What cannot be loaded any more is rolled back. */
    Optional<Transition> republish(LiveRollout one, long now) {
        if (one.published || one.withdrawnMicros.isPresent() || one.judge.harm().isPresent()) {
            return Optional.empty();
        }
        try {
            Optional<LoadedModel> candidate = load(one);
            if (candidate.isPresent() && candidate.get().running().ready().isDone()) {
                candidate.get().running().ready().join();
                EndpointSnapshot current = routes.current(one.rollout);
                routes.share(
                        one,
                        current.number(),
                        current.route(),
                        one.rollout.plan().weight(one.rollout.progress().step()),
                        now);
            }
            return Optional.empty();
        } catch (CompletionException failed) {
            return Optional.of(RolloutRules.lost(one.rollout, words(one.rollout, failed)));
        }
    }

    private Optional<LoadedModel> load(LiveRollout one) {
        if (one.candidate == null) {
            Rollout rollout = one.rollout;
            ServableVersion version = catalog.read(tx -> ServableVersion.of(tx, rollout.candidate()));
            try {
                one.candidate = pool.load(one.holder, version);
            } catch (ProblemException cannotRun) {
                throw new CompletionException(cannotRun);
            }
        }
        return Optional.ofNullable(one.candidate);
    }

    private static String words(Rollout rollout, CompletionException failed) {
        String detail = failed.getCause() instanceof ProblemException problem
                ? problem.problem().detail()
                : "for a reason that the server's log names";
        return rollout.candidate().reference() + " cannot be loaded: " + detail;
    }

    /** What the candidate is compared with, as it was before. */
    private static Rollout measured(Rollout rollout, RecentRequests recent) {
        return rollout.with(rollout.progress()
                .withBaseline(
                        recent.errorRate().orElse(0.0),
                        rollout.plan()
                                .latency()
                                .map(guard -> threshold(guard, recent))
                                .orElse(OptionalLong.empty())));
    }

    /**
     * Lets latency be compared from the next tick on, once the candidate has served for a moment: the first requests of a process that was
     * just started say how cold it was. The threshold is the one measured before the rollout; when the active version had too few requests
     * then, it is measured now. Neither depends on anything in the ticks that are compared, so the test stays valid.
     */
    void compareLatency(LiveRollout one, long now) {
        Progress progress = one.rollout.progress();
        if (one.evidence.comparesLatency() || !one.settled(now)) {
            return;
        }
        OptionalLong threshold = progress.threshold().isPresent()
                ? progress.threshold()
                : one.rollout
                        .plan()
                        .latency()
                        .map(guard -> threshold(
                                guard, routes.current(one.rollout).active().recent()))
                        .orElse(OptionalLong.empty());
        threshold.ifPresent(micros -> {
            one.evidence.freeze(micros);
            one.rollout = one.rollout.with(progress.withBaseline(progress.errorPrior(), threshold));
        });
    }

    private static OptionalLong threshold(LatencyGuard guard, RecentRequests recent) {
        OptionalLong quantile = recent.latency(guard.quantile());
        return quantile.isEmpty() ? OptionalLong.empty() : OptionalLong.of(guard.threshold(quantile.getAsLong()));
    }

    /** The candidate is not needed for this rollout any more; the route may still hold it. */
    void close(LiveRollout one) {
        pool.hold(one.holder, List.of());
    }
}
