package io.modelward.registry.retention;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.version.ModelId;
import io.modelward.registry.Actor;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets versions that rules deleted go of their bytes, when the time to bring them back has ended. What a version was
 * stays: its card, its manifest and its number. The sweep of blobs then frees what nothing else names.
 */
public final class RetentionPurge {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionPurge.class);
    private static final int AT_ONCE = 200;

    private final Catalog catalog;
    private final InstantSource clock;
    private final RetentionFacts facts;
    private final Failpoints failpoints;

    RetentionPurge(Catalog catalog, InstantSource clock, RetentionFacts facts, Failpoints failpoints) {
        this.catalog = catalog;
        this.clock = clock;
        this.facts = facts;
        this.failpoints = failpoints;
    }

    /**
     * What a round did.
     *
     * @param versions that let go of their bytes
     * @param failed versions that could not, and are tried again by the next round
     */
    public record Purged(int versions, int failed) {}

    /** Does one round; blocking. A version that cannot be purged holds up no other. */
    public Purged run() {
        int versions = 0;
        int failed = 0;
        long last = 0;
        Instant now = clock.instant();
        while (true) {
            long after = last;
            List<Tombstone> due = catalog.read(tx -> tx.retention().due(now, after, AT_ONCE));
            if (due.isEmpty()) {
                return new Purged(versions, failed);
            }
            for (Tombstone one : due) {
                try {
                    versions += purged(one.version(), now) ? 1 : 0;
                } catch (RuntimeException failure) {
                    failed++;
                    warn(failure);
                }
            }
            last = due.getLast().version();
        }
    }

    private boolean purged(long version, Instant now) {
        return catalog.write(tx -> purge(tx, version, now));
    }

    private static void warn(RuntimeException failure) {
        if (failure instanceof ProblemException known) {
            LOG.warn(
                    "the bytes of a deleted version stay, and are tried again: {}",
                    known.problem().detail());
        } else {
            LOG.warn("the bytes of a deleted version stay, and are tried again", failure);
        }
    }

    private boolean purge(CatalogTransaction tx, long id, Instant now) {
        Optional<Tombstone> tombstone = tx.retention()
                .tombstone(id)
                .filter(one -> one.purgedAt().isEmpty() && !one.undeleteUntil().isAfter(now));
        Optional<PublishedVersion> version = tx.versions().find(id);
        if (tombstone.isEmpty() || version.isEmpty()) {
            return false;
        }
        if (tx.versionStates().get(id).deletedAt().isEmpty()
                || isNeeded(tx, version.get().summary(), now)) {
            return false;
        }
        VersionSummary summary = version.get().summary();
        tx.retention().purge(id, now);
        Change change = Actor.SERVER.change(now, "the time to bring it back has ended");
        failpoints.pass("retention.purge-before-audit");
        tx.audit()
                .append(
                        change,
                        "version.purge",
                        summary.model().toString(),
                        Json.object()
                                .put("model_id", summary.modelId().value())
                                .put("version", summary.version().toString())
                                .put("bytes", summary.size()));
        return true;
    }

    /** Whether something began to need the version after it was deleted. */
    private boolean isNeeded(CatalogTransaction tx, VersionSummary version, Instant now) {
        ModelId model = version.modelId();
        return facts.always(tx, model, List.of(version.id()), now).containsKey(version.id())
                || tx.retention().isParent(version.id());
    }
}
