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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets versions that rules deleted go of their bytes, when the time to bring them back has ended. What a version was
 * stays: its card, its manifest and its number. The sweep of blobs then frees what nothing else names.
 */
public final class RetentionPurge {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionPurge.class);
    private static final int AT_ONCE = 200;
    /** Purged by one transaction. */
    private static final int TOGETHER = 50;

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
            for (int from = 0; from < due.size(); from += TOGETHER) {
                Purged some = purged(due.subList(from, Math.min(due.size(), from + TOGETHER)), now);
                versions += some.versions();
                failed += some.failed();
            }
            last = due.getLast().version();
        }
    }

    /** All in one transaction, or each by itself when one of them cannot be purged. */
    private Purged purged(List<Tombstone> some, Instant now) {
        List<Long> ids = some.stream().map(Tombstone::version).toList();
        try {
            return new Purged(catalog.write(tx -> purge(tx, ids, now)), 0);
        } catch (RuntimeException failure) {
            if (ids.size() == 1) {
                warn(failure);
                return new Purged(0, 1);
            }
            LOG.debug("versions are purged one by one", failure);
        }
        int versions = 0;
        int failed = 0;
        for (Tombstone one : some) {
            Purged alone = purged(List.of(one), now);
            versions += alone.versions();
            failed += alone.failed();
        }
        return new Purged(versions, failed);
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

    private int purge(CatalogTransaction tx, List<Long> ids, Instant now) {
        Map<ModelId, List<VersionSummary>> due = new LinkedHashMap<>();
        for (long id : ids) {
            boolean over = tx.retention()
                            .tombstone(id)
                            .filter(one -> one.purgedAt().isEmpty()
                                    && !one.undeleteUntil().isAfter(now))
                            .isPresent()
                    && tx.versionStates().get(id).deletedAt().isPresent();
            if (over) {
                tx.versions()
                        .find(id)
                        .map(PublishedVersion::summary)
                        .ifPresent(version -> due.computeIfAbsent(version.modelId(), none -> new ArrayList<>())
                                .add(version));
            }
        }
        int purged = 0;
        for (Map.Entry<ModelId, List<VersionSummary>> of : due.entrySet()) {
            // What is known of a model is looked for once: a model may have thousands of versions to purge.
            Set<Long> needed = facts.always(
                            tx,
                            of.getKey(),
                            of.getValue().stream().map(VersionSummary::id).toList(),
                            now)
                    .keySet();
            for (VersionSummary version : of.getValue()) {
                // Something may have begun to need the version after it was deleted.
                if (!needed.contains(version.id()) && !tx.retention().isParent(version.id())) {
                    purge(tx, version, now);
                    purged++;
                }
            }
        }
        return purged;
    }

    private void purge(CatalogTransaction tx, VersionSummary version, Instant now) {
        tx.retention().purge(version.id(), now);
        Change change = Actor.SERVER.change(now, "the time to bring it back has ended");
        failpoints.pass("retention.purge-before-audit");
        tx.audit()
                .append(
                        change,
                        "version.purge",
                        version.model().toString(),
                        Json.object()
                                .put("model_id", version.modelId().value())
                                .put("version", version.version().toString())
                                .put("bytes", version.size()));
    }
}
