package io.modelward.store.catalog;

import io.modelward.core.tracking.DatasetInput;
import io.modelward.core.tracking.DatasetSummary;
import io.modelward.core.tracking.ModelUse;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The datasets that runs read, and the models that they read and made. */
public interface RunInputs {

    /** Adds a dataset to a run; one that the run has already changes nothing. */
    void insertDataset(long experiment, String run, DatasetInput input);

    /** The datasets of each run, in the order in which they were logged. */
    Map<String, List<DatasetInput>> datasets(Collection<String> runs);

    /**
     * The datasets that runs of these experiments read, each once with every context that it was read for, in the order
     * of experiment, name and digest, at most {@code limit}.
     */
    List<DatasetSummary> summaries(Collection<Long> experiments, int limit);

    /** Adds a model to a run; the same one again changes nothing. */
    void insertModel(String run, ModelUse use);

    /** The models of each run, in the order in which they were logged. */
    Map<String, List<ModelUse>> models(Collection<String> runs);
}
