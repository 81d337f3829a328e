package io.modelward.jobs;

import io.modelward.core.job.Job;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.ModelName;
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
     * @param stopping why it was told to end, while it is still at work; empty when it was not
     */
    public record RunView(JobRun run, ModelName model, List<Trained> versions, String stopping) {}

    /**
     * A version that a run published.
     *
     * @param metrics that the version's card tells
     */
    public record Trained(VersionSummary version, TrainedVersion how, Map<String, Double> metrics) {}
}
