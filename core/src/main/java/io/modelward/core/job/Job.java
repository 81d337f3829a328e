package io.modelward.core.job;

import io.modelward.core.audit.Change;
import java.time.Instant;
import java.util.Optional;

/**
 * A command that trains a model, and when it is run.
 *
 * @param number in the order in which jobs were made
 * @param modelId the model's number, which a rename does not change
 * @param owner in whose name its runs act: the one who made or last changed the job
 * @param secrets sealed variables of the environment, a JSON object
 * @param hook the sealed key of signed calls that start a run
 * @param next when it is due by itself
 * @param revision counts the changes
 */
public record Job(
        JobName name,
        long number,
        long modelId,
        JobPlan plan,
        Change owner,
        Optional<String> secrets,
        Optional<String> hook,
        boolean paused,
        Optional<Instant> next,
        Instant createdAt,
        long revision) {

    public Job withNext(Optional<Instant> due) {
        return new Job(name, number, modelId, plan, owner, secrets, hook, paused, due, createdAt, revision);
    }

    public Job withPaused(boolean is, Optional<Instant> due) {
        return new Job(name, number, modelId, plan, owner, secrets, hook, is, due, createdAt, revision + 1);
    }
}
