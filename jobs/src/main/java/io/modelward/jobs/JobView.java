package io.modelward.jobs;

import io.modelward.core.job.Job;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.Reproduction;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.VersionRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job as people see it.
 *
 * @param model under the name that the model has now
 * @param secrets the names of its secrets
 * @param latest its newest run
 */
public record JobView(Job job, ModelName model, List<String> secrets, Optional<RunView> latest) {

    /**
     * A run as people see it.
     *
     * @param reproduction what it makes once more; empty for a run of its job's own
     * @param stopping why it was told to end, while it is still at work; empty when it was not
     */
    public record RunView(
            JobRun run,
            ModelName model,
            List<Trained> versions,
            String stopping,
            Optional<ReproductionView> reproduction) {}

    /**
     * The version that a run makes once more.
     *
     * @param version under the name that the model had when the version was published
     * @param open whether the run waits or is at work
     */
    public record ReproductionView(VersionRef version, Reproduction reproduction, boolean open) {}

    /**
     * A version that a run published.
     *
     * @param metrics that the version's card tells
     */
    public record Trained(VersionSummary version, TrainedVersion how, Map<String, Double> metrics) {}
}
