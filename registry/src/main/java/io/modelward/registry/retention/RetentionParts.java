package io.modelward.registry.retention;

import io.modelward.core.access.Access;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.model.ModelWatch;
import io.modelward.store.assembly.Storage;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The services of retention, put together: they share the facts that they decide on. */
public record RetentionParts(
        RetentionRules rules, RetentionService service, RetentionPurge purge, RetentionRounds rounds) {

    /** How long a deleted version can be brought back, when no setting says it. */
    public static final Duration UNDELETE_WINDOW = Duration.ofDays(30);

    /**
     * Puts them together.
     *
     * @param window how long a deleted version can be brought back
     * @param keepers others that keep versions; the list may grow
     * @param watch is told of deletions, after their commit
     */
    public static RetentionParts of(
            Access access,
            Catalog catalog,
            InstantSource clock,
            Failpoints failpoints,
            Duration window,
            List<VersionKeeper> keepers,
            ModelWatch watch) {
        RetentionFacts facts = new RetentionFacts(keepers);
        RetentionService service = new RetentionService(
                access, catalog, clock, facts, new RetentionRun(catalog, facts, failpoints, window), watch);
        return new RetentionParts(
                new RetentionRules(access, catalog, clock),
                service,
                new RetentionPurge(catalog, clock, facts, failpoints),
                new RetentionRounds(catalog, service));
    }

    /**
     * Puts together what ends what is no version.
     *
     * @param housekeeping is held off while a backup is made
     */
    public static LeftoverService leftovers(
            Access access, Storage storage, InstantSource clock, LeftoverRules rules, Housekeeping housekeeping) {
        Catalog catalog = storage.catalog();
        return new LeftoverService(
                access,
                clock,
                rules,
                TrackingPurge.ofRuns(catalog, storage.failpoints()),
                TrackingPurge.ofModels(catalog, storage.failpoints()),
                new RecordsPurge(catalog, storage.predictions(), housekeeping, storage.failpoints()));
    }
}
