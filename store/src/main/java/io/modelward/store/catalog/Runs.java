package io.modelward.store.catalog;

import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.Run;
import java.util.Optional;
import java.util.OptionalLong;

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

    /** How many active runs an experiment has, counted up to {@code most}. */
    long count(long experiment, int most);

    /** When the active run of an experiment that started last did so. */
    OptionalLong lastStart(long experiment);
}
