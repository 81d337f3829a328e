package io.modelward.core.job;

import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.version.Bump;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job does. A run keeps the plan that it began with.
 *
 * @param model that the job may publish, and nothing else
 * @param schedule empty: only when somebody asks
 * @param command the program and its arguments
 * @param data files that are put beside the code
 * @param requirements lines for pip; empty: the environment that pickled models share
 * @param bump of the versions that are published without a number
 * @param gates all must hold, else the version is kept as a pre-release
 * @param rollout of a version that is published and holds; empty: the version waits for people
 * @param endpoint where the rollout is started; empty: on each endpoint that the model serves
 * @param memory in bytes, of all processes of a run
 * @param disk in bytes, of all files of a run
 * @param missed what becomes of runs that were due while no server ran
 * @param variables of the environment, no secrets
 * @param seed given to the command as MODELWARD_SEED and PYTHONHASHSEED
 * @param channels of notifications that are told of this job in any case
 */
public record JobPlan(
        ModelName model,
        Optional<Schedule> schedule,
        List<String> command,
        JobCode code,
        List<JobFile> data,
        List<String> requirements,
        Bump bump,
        List<MetricGate> gates,
        Optional<RolloutPlan> rollout,
        Optional<EndpointName> endpoint,
        Duration timeout,
        long memory,
        long disk,
        MissedRun missed,
        Overlap overlap,
        Map<String, String> variables,
        long seed,
        List<String> channels) {

    public JobPlan {
        command = List.copyOf(command);
        data = List.copyOf(data);
        requirements = List.copyOf(requirements);
        gates = List.copyOf(gates);
        variables = Map.copyOf(variables);
        channels = List.copyOf(channels);
    }
}
