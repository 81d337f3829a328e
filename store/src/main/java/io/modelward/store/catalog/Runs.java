package io.modelward.store.catalog;

import java.util.Optional;
import java.util.OptionalLong;

/** Runs, without what they logged. Times are milliseconds. */
public interface Runs {

    /**
     * A run.
     *
     * @param id 32 hex digits
     * @param status RUNNING, SCHEDULED, FINISHED, FAILED or KILLED
     * @param deletedAt when it, or its experiment, was deleted; empty: it is active
     */
    record Row(
            String id,
            long experiment,
            String name,
            String user,
            String status,
            long startTime,
            OptionalLong endTime,
            String artifactUri,
            OptionalLong deletedAt) {

        public boolean active() {
            return deletedAt.isEmpty();
        }
    }

    void insert(Row row);

    Optional<Row> find(String id);

    /** Keeps name, status, end and deletion. */
    void update(Row row);

    /** Deletes the active runs of an experiment. */
    void deleteWith(long experiment, long at);

    /** Brings back the runs that were deleted with their experiment at that time. */
    void restoreWith(long experiment, long deletedAt);

    Found<Row> search(Search search);
}
