package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.Crossing;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.PlanJson;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutProgress;
import io.modelward.core.rollout.RolloutRecord;
import io.modelward.core.rollout.RolloutWords;
import io.modelward.gateway.rollout.RolloutView;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rollouts as the native API shows them. */
final class RolloutJson {

    private RolloutJson() {}

    /** Without the members that need the evidence. */
    static ObjectNode brief(RolloutView view) {
        RolloutRecord row = view.kept();
        Rollout rollout = view.rollout();
        RolloutProgress progress = rollout.progress();
        ObjectNode json = Json.object()
                .put("id", rollout.id())
                .put("endpoint", rollout.endpoint())
                .put("number", row.number())
                .put("state", progress.state().name())
                .put("reason", progress.reason());
        progress.hold().ifPresent(hold -> json.put("held_by", hold.label()));
        json.put("strategy", rollout.plan().strategy().label())
                .put("model", rollout.candidate().model().toString())
                .put("candidate", rollout.candidate().version().toString())
                .put("candidate_digest", rollout.candidate().digest().toString())
                .put("active_model", rollout.active().model().toString())
                .put("active", rollout.active().version().toString())
                .put("active_digest", rollout.active().digest().toString())
                .put("step", progress.step() + 1)
                .put("step_count", rollout.plan().steps().size())
                .put("traffic_percent", weight(rollout) / 100.0)
                .put("dwell_ms", progress.dwellMillis())
                .put("least_dwell_ms", rollout.plan().dwell(progress.step()).toMillis())
                .put("samples", progress.samples())
                .put("least_samples", rollout.plan().minSamples())
                .put("gate", rollout.plan().gates().get(progress.step()).label())
                .put("served_ms", progress.servedMillis())
                .put("revision", progress.revision());
        view.candidateDeleted().ifPresent(at -> json.put("candidate_deleted_at", at.toString()));
        progress.threshold().ifPresent(micros -> json.put("latency_threshold_ms", micros / 1000.0));
        progress.withdrawnMicros().ifPresent(micros -> json.put("withdrawn_us", micros));
        progress.verdict().ifPresent(verdict -> json.set("verdict", verdict(rollout, verdict)));
        json.set("plan", PlanJson.write(rollout.plan()));
        json.put("updated_at", row.updatedAt().toString());
        json.putObject("started")
                .put("at", row.started().at().toString())
                .put("actor", row.started().actor())
                .put("actor_verified", row.started().verified())
                .put("reason", row.started().reason());
        return json;
    }

    private static int weight(Rollout rollout) {
        return switch (rollout.state()) {
            case RUNNING, HELD, BAKING ->
                rollout.plan().weight(rollout.progress().step());
            case PROMOTED -> 10_000;
            default -> 0;
        };
    }

    private static ObjectNode verdict(Rollout rollout, Crossing crossing) {
        long all = crossing.candidate().requests() + crossing.active().requests();
        return crossing.toJson()
                .put("sentence", RolloutWords.crossed(rollout, crossing))
                .put("callers_affected", crossing.candidate().bad())
                .put(
                        "traffic_affected_percent",
                        all == 0 ? 0 : 100.0 * crossing.candidate().bad() / all);
    }

    static ObjectNode full(RolloutView view, List<String> sensitivity) {
        ObjectNode json = brief(view);
        ArrayNode evidence = json.putArray("evidence");
        view.readings().forEach(reading -> evidence.add(reading(reading)));
        json.put("non_inferior", view.nonInferior());
        ArrayNode limits = json.putArray("limits");
        RolloutWords.limits(view.rollout().plan()).forEach(limits::add);
        ArrayNode sees = json.putArray("sensitivity");
        sensitivity.forEach(sees::add);
        return json;
    }

    private static ObjectNode reading(LimitMonitor.Reading reading) {
        ObjectNode json = Json.object()
                .put("guardrail", reading.guardrail().label())
                .put("limit", reading.rollback() ? "rollback" : "halt")
                .put("ratio", reading.limit().margin().ratio())
                .put("points", reading.limit().margin().points())
                .put("alpha", reading.limit().alpha())
                .put("log_evidence", reading.logRestart())
                .put("log_threshold", reading.limit().logThreshold())
                .put("crossed", reading.crossed());
        json.putObject("canary")
                .put("requests", reading.candidate().requests())
                .put("bad", reading.candidate().bad());
        json.putObject("active")
                .put("requests", reading.active().requests())
                .put("bad", reading.active().bad());
        return json;
    }

    static ObjectNode quarantine(Quarantine quarantine) {
        return Json.object()
                .put("model", quarantine.model().toString())
                .put("version", quarantine.version().toString())
                .put("digest", quarantine.digest().toString())
                .put("rollout", quarantine.rollout())
                .put("since", quarantine.since().toString())
                .put("why", quarantine.why());
    }
}
