package io.modelward.store.catalog;

import java.util.List;
import java.util.Optional;

/**
 * Deleted runs and logged models that nothing refers to any more, and their end. A version keeps the run and the logged
 * model that it tells of; a logged model keeps the run that logged it. Times are milliseconds.
 */
public interface TrackingPurges {

    /**
     * A deleted run or logged model.
     *
     * @param artifactUri where its files are
     */
    record Leftover(String id, String artifactUri) {}

    /** Runs with an id above {@code after} that were deleted at a time or before, in order of their ids. */
    List<Leftover> runs(long deletedBy, String after, int most);

    /** The run of an id, as {@link #runs} would find it. */
    Optional<Leftover> run(String id, long deletedBy);

    /** Logged models with an id above {@code after} that were deleted at a time or before, in order of their ids. */
    List<Leftover> models(long deletedBy, String after, int most);

    /** The logged model of an id, as {@link #models} would find it. */
    Optional<Leftover> model(String id, long deletedBy);

    /** Removes a run and all that it logged, but for its files. */
    void purgeRun(String id);

    /** Removes a logged model and all that is told of it, but for its files. */
    void purgeModel(String id);
}
