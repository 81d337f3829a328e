package io.modelward.registry.retention;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.prediction.PredictionId;
import io.modelward.registry.Housekeeping;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.PredictionLog;
import io.modelward.store.prediction.PredictionLog.OldSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Removes the records of old predictions by whole files, the oldest first. The audit log tells of a removal before the
 * first file goes, so that whoever asks for a record that is gone is told why; after a crash in between, the next round
 * finds the files again.
 */
public final class RecordsPurge {

    private static final String ACTION = "predictions.remove";
    private static final String SUBJECT = "predictions";
    private static final String THROUGH = "through_file";

    private final Catalog catalog;
    private final PredictionLog log;
    private final Housekeeping housekeeping;
    private final Failpoints failpoints;

    RecordsPurge(Catalog catalog, PredictionLog log, Housekeeping housekeeping, Failpoints failpoints) {
        this.catalog = catalog;
        this.log = log;
        this.housekeeping = housekeeping;
        this.failpoints = failpoints;
    }

    /** The files that would go: all of their records are older than a time. */
    List<OldSegment> due(Instant before, int most) {
        return log.olderThan(before, most);
    }

    /**
     * Removes them, unless a backup is being made.
     *
     * @return what went; none while a backup is being made
     */
    List<OldSegment> run(Instant before, int most, Change change) {
        List<OldSegment> due = due(before, most);
        return !due.isEmpty() && housekeeping.unlessHeld(() -> remove(due, change)) ? due : List.of();
    }

    private void remove(List<OldSegment> due, Change change) {
        var detail = Json.object()
                .put("files", due.size())
                .put("records", due.stream().mapToLong(OldSegment::records).sum())
                .put("bytes", due.stream().mapToLong(OldSegment::bytes).sum())
                .put(THROUGH, due.getLast().segment());
        due.getLast().newest().ifPresent(newest -> detail.put("newest", newest.toString()));
        catalog.write(tx -> {
            tx.audit().append(change, ACTION, SUBJECT, detail);
            return true;
        });
        failpoints.pass("retention.records-before-removal");
        try {
            for (OldSegment one : due) {
                log.remove(one.segment());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** When the record of a prediction was removed, if its file is one of those that were. */
    public static Optional<Instant> removed(Catalog catalog, PredictionLog log, PredictionId id) {
        List<Integer> files = log.segments();
        if (id.segment() <= 0 || (!files.isEmpty() && id.segment() >= files.getFirst())) {
            return Optional.empty();
        }
        AuditQuery removals = new AuditQuery(SUBJECT, "", ACTION, Optional.empty(), Optional.empty());
        return catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 1, removals)).stream()
                .filter(entry -> id.segment() <= entry.detail().path(THROUGH).asInt())
                .map(AuditEntry::change)
                .map(Change::at)
                .findFirst();
    }
}
