package io.modelward.core.job;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.time.Durations;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the plan of a job as {@link JobPlanReader} reads it, with nothing left to defaults. */
public final class JobPlanJson {

    private JobPlanJson() {}

    public static ObjectNode write(JobPlan plan) {
        ObjectNode json = Json.object().put("model", plan.model().toString());
        plan.schedule()
                .ifPresent(schedule -> json.put("schedule", schedule.text())
                        .put("timezone", schedule.zone().getId()));
        plan.command().forEach(json.putArray("command")::add);
        ObjectNode code = json.putObject("code")
                .put("archive", plan.code().archive().toString())
                .put("size", plan.code().size());
        plan.code().repository().ifPresent(where -> code.put("repository", where));
        plan.code().commit().ifPresent(commit -> code.put("commit", commit));
        ArrayNode data = json.putArray("data");
        plan.data()
                .forEach(file -> data.addObject()
                        .put("name", file.name())
                        .put("sha256", file.digest().toString())
                        .put("size", file.size()));
        plan.requirements().forEach(json.putArray("requirements")::add);
        json.put("bump", plan.bump().label());
        plan.gates().forEach(gate -> json.withArray("require").add(gate.toString()));
        plan.rollout().ifPresent(rollout -> json.set("rollout", PlanJson.write(rollout)));
        plan.endpoint().ifPresent(endpoint -> json.put("endpoint", endpoint.value()));
        json.put("timeout", Durations.write(plan.timeout()))
                .put("memory", plan.memory())
                .put("disk", plan.disk())
                .put("missed", plan.missed().label())
                .put("overlap", plan.overlap().label());
        ObjectNode variables = json.putObject("variables");
        new TreeMap<>(plan.variables()).forEach(variables::put);
        json.put("seed", plan.seed());
        plan.channels().forEach(json.putArray("notify")::add);
        return json;
    }
}
