package io.modelward.registry.retention;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.TrackingPurges;
import io.modelward.store.catalog.TrackingPurges.Leftover;
import io.modelward.store.failpoint.Failpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;

/**
 * Ends deleted runs and logged models for good, with what they logged and the names of their files; the next collection
 * frees the bytes. What a version tells of stays, and so does what a version was made of the files of.
 */
final class TrackingPurge {

    private static final int LOOKED_AT_ONCE = 200;
    /** Ended by one transaction: one run may have logged a million points. */
    private static final int AT_ONCE = 20;

    private final Catalog catalog;
    private final Failpoints failpoints;
    private final Kind kind;

    private TrackingPurge(Catalog catalog, Failpoints failpoints, Kind kind) {
        this.catalog = catalog;
        this.failpoints = failpoints;
        this.kind = kind;
    }

    static TrackingPurge ofRuns(Catalog catalog, Failpoints failpoints) {
        return new TrackingPurge(catalog, failpoints, Kind.RUN);
    }

    static TrackingPurge ofModels(Catalog catalog, Failpoints failpoints) {
        return new TrackingPurge(catalog, failpoints, Kind.MODEL);
    }

    /** What is purged. */
    private enum Kind {
        RUN("run.purge", "runs") {
            @Override
            List<Leftover> list(TrackingPurges tables, long deletedBy, String after, int most) {
                return tables.runs(deletedBy, after, most);
            }

            @Override
            Optional<Leftover> find(TrackingPurges tables, String id, long deletedBy) {
                return tables.run(id, deletedBy);
            }

            @Override
            void purge(TrackingPurges tables, String id) {
                tables.purgeRun(id);
            }
        },
        MODEL("logged-model.purge", "logged_models") {
            @Override
            List<Leftover> list(TrackingPurges tables, long deletedBy, String after, int most) {
                return tables.models(deletedBy, after, most);
            }

            @Override
            Optional<Leftover> find(TrackingPurges tables, String id, long deletedBy) {
                return tables.model(id, deletedBy);
            }

            @Override
            void purge(TrackingPurges tables, String id) {
                tables.purgeModel(id);
            }
        };

        private final String action;
        private final String listed;

        Kind(String action, String listed) {
            this.action = action;
            this.listed = listed;
        }

        abstract List<Leftover> list(TrackingPurges tables, long deletedBy, String after, int most);

        abstract Optional<Leftover> find(TrackingPurges tables, String id, long deletedBy);

        abstract void purge(TrackingPurges tables, String id);
    }

    /** What would go: the ids of those that were deleted at a time or before and that nothing refers to. */
    List<String> due(long deletedBy, int most) {
        List<String> due = new ArrayList<>();
        String last = "";
        while (due.size() < most) {
            String after = last;
            List<Leftover> some = catalog.read(tx -> kind.list(tx.trackingPurges(), deletedBy, after, LOOKED_AT_ONCE));
            if (some.isEmpty()) {
                break;
            }
            due.addAll(catalog.read(tx -> some.stream()
                    .filter(one -> !isSealed(tx, one))
                    .map(Leftover::id)
                    .toList()));
            last = some.getLast().id();
        }
        return due.size() > most ? List.copyOf(due.subList(0, most)) : due;
    }

    /**
     * Ends those that are due; each transaction looks again, so that what was brought back or is told of by now stays.
     *
     * @return how many went
     */
    int run(long deletedBy, int most, Change change) {
        List<String> due = due(deletedBy, most);
        int gone = 0;
        for (int from = 0; from < due.size(); from += AT_ONCE) {
            List<String> some = due.subList(from, Math.min(due.size(), from + AT_ONCE));
            gone += catalog.write(tx -> purge(tx, some, deletedBy, change));
        }
        return gone;
    }

    private int purge(CatalogTransaction tx, List<String> some, long deletedBy, Change change) {
        List<String> gone = new ArrayList<>();
        for (String id : some) {
            Optional<Leftover> found =
                    kind.find(tx.trackingPurges(), id, deletedBy).filter(one -> !isSealed(tx, one));
            if (found.isPresent()) {
                ArtifactPath.ofUri(found.get().artifactUri()).ifPresent(tx.artifacts()::removeBelow);
                kind.purge(tx.trackingPurges(), id);
                gone.add(id);
            }
        }
        failpoints.pass("retention.leftovers-before-audit");
        if (!gone.isEmpty()) {
            var detail = Json.object();
            ArrayNode ids = detail.putArray(kind.listed);
            gone.forEach(ids::add);
            tx.audit().append(change, kind.action, "server", detail);
        }
        return gone.size();
    }

    /** Whether a version was made of files of it, or of files beside it. */
    private static boolean isSealed(CatalogTransaction tx, Leftover one) {
        return ArtifactPath.ofUri(one.artifactUri())
                .filter(path -> tx.artifacts().sealOver(path).isPresent()
                        || tx.artifacts().sealWithin(path).isPresent())
                .isPresent();
    }
}
