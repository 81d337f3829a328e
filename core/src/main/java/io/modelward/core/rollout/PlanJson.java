package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.json.Json;
import io.modelward.core.time.Durations;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a plan as {@link PlanReader} reads it, with nothing left to defaults. */
public final class PlanJson {

    private PlanJson() {}

    public static ObjectNode write(RolloutPlan plan) {
        ObjectNode json = Json.object().put("strategy", plan.strategy().label());
        ArrayNode steps = json.putArray("steps");
        plan.steps().forEach(step -> percent(steps, step));
        json.put("min_dwell", Durations.write(plan.minDwell())).put("min_samples", plan.minSamples());
        ArrayNode gates = json.putArray("gate");
        plan.gates().forEach(gate -> gates.add(gate.label()));
        json.put("bake", Durations.write(plan.bake())).put("holdback", plan.holdback() / 100.0);
        json.set("rollback", limit(plan.rollback()));
        json.set("halt", limit(plan.halt()));
        plan.latency()
                .ifPresentOrElse(
                        latency -> {
                            ObjectNode guard = json.putObject("latency")
                                    .put("quantile", latency.quantile())
                                    .put("tolerance", latency.tolerance())
                                    .put("slack", Durations.write(latency.slack()));
                            guard.set("halt", limit(latency.halt()));
                            latency.rollback().ifPresent(rollback -> guard.set("rollback", limit(rollback)));
                        },
                        () -> json.put("latency", false));
        json.put("on_halt", plan.onHalt().label())
                .put("on_inconclusive", plan.onInconclusive().label());
        json.set("promotion", limit(plan.promotion()));
        return json.put("step_timeout", Durations.write(plan.stepTimeout()))
                .put("evidence_deadline", Durations.write(plan.evidenceDeadline()))
                .put("incident_rate", plan.incidentRate());
    }

    static ObjectNode limit(Limit limit) {
        return Json.object()
                .put("ratio", limit.margin().ratio())
                .put("points", limit.margin().points())
                .put("alpha", limit.alpha());
    }

    private static void percent(ArrayNode array, int basisPoints) {
        if (basisPoints % 100 == 0) {
            array.add(basisPoints / 100);
        } else {
            array.add(basisPoints / 100.0);
        }
    }
}
