package io.modelward.store.catalog;

import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.Run;
import java.util.Optional;

/** Runs, without what they logged. Times are milliseconds. */
public interface Runs {

    void insert(Run run);

    Optional<Run> find(String id);

    /** Keeps name, status, end and deletion. */
    void update(Run run);

    /** Deletes the active runs of an experiment. */
    void deleteWith(long experiment, long at);

    /** Brings back the runs that were deleted with their experiment at that time. */
    void restoreWith(long experiment, long deletedAt);

    Found<Run> search(Search search);
}
