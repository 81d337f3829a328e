package io.modelward.store.catalog;

import io.modelward.core.search.DatasetScope;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.tracking.LoggedModel;
import io.modelward.core.tracking.Measure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models that runs logged, before and after they become versions. Times are milliseconds. */
public interface LoggedModels {

    void insert(LoggedModel model);

    Optional<LoggedModel> find(String id);

    /** The newest model of this name that a run logged and that is not deleted. */
    Optional<LoggedModel> ofRun(String run, String name);

    /** Keeps status, message, time of change and deletion. */
    void update(LoggedModel model);

    /** Deletes the active models of an experiment. */
    void deleteWith(long experiment, long at);

    /** Brings back the models that were deleted with their experiment at that time. */
    void restoreWith(long experiment, long deletedAt);

    Optional<String> param(String model, String key);

    /** A parameter that the model does not have yet. */
    void insertParam(String model, KeyValue param);

    void setTag(String model, KeyValue tag);

    /** Answers whether it was there. */
    boolean deleteTag(String model, String key);

    /**
     * Keeps a measure, unless the stored measure of the same run and dataset has a higher step, at the same step a
     * later time, or at the same time a higher value.
     */
    void measure(String model, Measure measure);

    Map<String, List<KeyValue>> params(Collection<String> models);

    Map<String, List<KeyValue>> tags(Collection<String> models);

    /** By key, run and dataset. */
    Map<String, List<Measure>> measures(Collection<String> models);

    /**
     * Searches models.
     *
     * @param datasets only models that were measured on one of these; none: all models
     */
    Found<LoggedModel> search(Search search, List<DatasetScope> datasets);
}
