package io.modelward.gateway.rollout;

import io.modelward.core.access.Resource;
import io.modelward.core.evidence.Tick;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.ScoredTick;
import io.modelward.gateway.evidence.EvidenceCollector;
import io.modelward.gateway.model.ModelPool;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.gateway.route.PresentNames;
import io.modelward.gateway.route.RouteTable;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Reads rollouts from the catalog, to be driven in this process. All of it may wait. */
final class RolloutOpener {

    private static final int REHEARSAL = 300;

    private final Catalog catalog;
    private final ModelPool pool;
    private final RouteTable table;
    private final RandomGenerator random;
    private final LongSupplier nanos;

    /** @param nanos the monotonic clock */
    RolloutOpener(Catalog catalog, ModelPool pool, RouteTable table, RandomGenerator random, LongSupplier nanos) {
        this.catalog = catalog;
        this.pool = pool;
        this.table = table;
        this.random = random;
        this.nanos = nanos;
    }

    RolloutRecord require(String id) {
        return catalog.read(tx -> tx.rollouts().find(id)).orElseThrow(() -> new Resource.Rollout(id).missing());
    }

    /**
     * A rollout that was read.
     *
     * @param deleted that its candidate was deleted, in words
     */
    record Opened(CountedRollout counted, CandidateTraffic traffic, Optional<String> deleted) {}

    /**
     * With all evidence that is kept: it is never begun anew.
     *
     * @param redirects asks the active version instead of a candidate that was taken away
     */
    Opened open(RolloutRecord row, Executor redirects) {
        Rollout rollout = row.rollout();
        rehearse(rollout.plan());
        LimitMonitor monitor = monitor(row);
        EvidenceCollector evidence = catalog.read(tx -> {
            EvidenceCollector restored = new EvidenceCollector(
                    rollout.id(),
                    rollout.plan().evidenceDeadline().toNanos(),
                    rollout.progress().lastTick(),
                    random);
            tx.rollouts().forEachKeys(rollout.id(), restored::restoreKeys);
            return restored;
        });
        return new Opened(
                new CountedRollout(row, monitor, evidence, nanos.getAsLong()),
                new CandidateTraffic(pool, table, evidence, nanos, redirects),
                deleted(rollout));
    }

    /**
     * Judges made-up ticks, so that the first real one does not wait for the compiler: harm is to be acted on within a
     * millisecond.
     */
    private static void rehearse(RolloutPlan plan) {
        LimitMonitor monitor = new LimitMonitor(plan, 0.01);
        for (int tick = 1; tick <= REHEARSAL; tick++) {
            Tick counts = Tick.of(0.05, 5, tick % 2, 95, 1);
            monitor.add(ScoredTick.of(tick, 1, counts, Optional.of(counts)));
            monitor.harm();
        }
    }

    /** The judgement of the ticks that are kept. */
    LimitMonitor monitor(RolloutRecord row) {
        return catalog.read(tx -> {
            LimitMonitor monitor = new LimitMonitor(
                    row.rollout().plan(), row.rollout().progress().errorPrior());
            tx.rollouts()
                    .forEachTick(row.rollout().id(), 0, row.rollout().progress().lastTick(), monitor::add);
            return monitor;
        });
    }

    /** The version to load for the candidate. */
    ServableVersion candidate(Rollout rollout) {
        return catalog.read(tx -> ServableVersion.of(tx, rollout.candidate())
                .evaluated(tx.routes()
                        .endpoint(rollout.endpoint())
                        .flatMap(row -> tx.routes().revision(row.endpoint(), row.revision()))
                        .map(current -> current.active().evaluate())
                        .orElse(true)));
    }

    /** Brings the names in memory to those of now, where that could not be done before. */
    void catchUp() {
        pool.names().catchUp();
    }

    /** That the rollout's candidate was deleted, in words. */
    Optional<String> deleted(Rollout rollout) {
        return catalog.read(tx -> deleted(tx, rollout));
    }

    /** That the rollout's candidate was deleted, in words. */
    static Optional<String> deleted(CatalogTransaction tx, Rollout rollout) {
        PresentNames names = new PresentNames(tx);
        return names.deletedAt(rollout.candidate())
                .map(at -> "The candidate " + names.of(rollout).candidate().reference() + " was deleted at " + at
                        + ", so it gets no requests of endpoint " + rollout.endpoint() + ".");
    }

    /**
     * A rollout at work under the names that its models have now, as far as they are in memory: it is looked at also
     * while the catalog is slow.
     */
    RolloutView named(RolloutView view) {
        Rollout rollout = view.rollout();
        Rollout named = rollout.named(
                pool.names()
                        .now(rollout.candidate().modelId(), rollout.candidate().model()),
                pool.names().now(rollout.active().modelId(), rollout.active().model()));
        return new RolloutView(view.kept(), named, view.readings(), view.nonInferior(), view.candidateDeleted());
    }
}
