package io.modelward.store.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The datasets that runs read, and the models that they read and made. */
public interface RunInputs {

    /** A dataset, known by name and digest within its experiment. */
    record Dataset(
            String name,
            String digest,
            String sourceType,
            String source,
            Optional<String> schema,
            Optional<String> profile) {}

    /** A dataset as a run read it. */
    record DatasetInput(Dataset dataset, List<Entry> tags) {}

    /** What a model was to the run. */
    enum Role {
        INPUT,
        OUTPUT
    }

    /** A model of a run. */
    record ModelUse(Role role, String model, long step) {}

    /** Adds a dataset to a run; one that the run has already changes nothing. */
    void insertDataset(long experiment, String run, DatasetInput input);

    /** The datasets of each run, in the order in which they were logged. */
    Map<String, List<DatasetInput>> datasets(Collection<String> runs);

    /** Adds a model to a run; the same one again changes nothing. */
    void insertModel(String run, ModelUse use);

    /** The models of each run, in the order in which they were logged. */
    Map<String, List<ModelUse>> models(Collection<String> runs);
}
