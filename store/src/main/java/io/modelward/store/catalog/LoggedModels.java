package io.modelward.store.catalog;

import io.modelward.core.search.DatasetScope;
import io.modelward.store.catalog.RunData.Point;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Models that runs logged, before and after they become versions. Times are milliseconds. */
public interface LoggedModels {

    /**
     * A logged model.
     *
     * @param id {@code m-} and 32 hex digits
     * @param type what its maker calls it; empty: not said
     * @param sourceRun the run that logged it; empty: none
     * @param status PENDING, READY or UPLOAD_FAILED
     * @param deletedAt when it, or its experiment, was deleted; empty: it is active
     */
    record Row(
            String id,
            long experiment,
            String name,
            String type,
            String sourceRun,
            String status,
            String statusMessage,
            String artifactUri,
            long createdAt,
            long updatedAt,
            OptionalLong deletedAt) {

        public boolean active() {
            return deletedAt.isEmpty();
        }
    }

    /** The latest point of a metric that a run measured, on a dataset or, where name and digest are empty, on none. */
    record Measure(Point point, String run, String datasetName, String datasetDigest) {}

    void insert(Row row);

    Optional<Row> find(String id);

    /** The newest model of this name that a run logged and that is not deleted. */
    Optional<Row> ofRun(String run, String name);

    /** Keeps status, message, time of change and deletion. */
    void update(Row row);

    /** Deletes the active models of an experiment. */
    void deleteWith(long experiment, long at);

    /** Brings back the models that were deleted with their experiment at that time. */
    void restoreWith(long experiment, long deletedAt);

    Optional<String> param(String model, String key);

    /** A parameter that the model does not have yet. */
    void insertParam(String model, Entry param);

    void setTag(String model, Entry tag);

    /** Answers whether it was there. */
    boolean deleteTag(String model, String key);

    /** Keeps what is measured, unless what is there of the same run and dataset has a higher step, then time, then value. */
    void measure(String model, Measure measure);

    Map<String, List<Entry>> params(Collection<String> models);

    Map<String, List<Entry>> tags(Collection<String> models);

    /** By key, run and dataset. */
    Map<String, List<Measure>> measures(Collection<String> models);

    /**
     * Searches models.
     *
     * @param datasets only models that were measured on one of these; of none: all
     */
    Found<Row> search(Search search, List<DatasetScope> datasets);
}
