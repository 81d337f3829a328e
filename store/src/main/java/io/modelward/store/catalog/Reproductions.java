package io.modelward.store.catalog;

import io.modelward.core.job.Reproduction;
import io.modelward.core.job.ReproductionReport;
import java.util.List;
import java.util.Optional;

/** Runs that make a version once more, and what came of them. */
public interface Reproductions {

    void insert(Reproduction reproduction);

    /** Keeps what came of a run; a later report takes the place of an earlier one. */
    void report(String run, ReproductionReport report);

    /** What a run makes once more; empty for any other run. */
    Optional<Reproduction> find(String run);

    /** Those of a version, newest first, at most {@code limit}. */
    List<Reproduction> of(long version, int limit);
}
