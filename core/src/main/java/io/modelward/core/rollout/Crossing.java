package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import io.modelward.core.fields.JsonFields;
import io.modelward.core.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A limit was crossed: harm is proven at its alpha. All counts are sums up to and with that tick.
 *
 * @param rollback whether the limit rolls back; else it halts
 * @param tick the number of the tick that crossed it
 * @param logEvidence natural logarithm of the e-value, at least {@code -ln(alpha)}
 */
public record Crossing(
        Guardrail guardrail,
        boolean rollback,
        Limit limit,
        long tick,
        double logEvidence,
        ArmCounts candidate,
        ArmCounts active) {

    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("guardrail", guardrail.label())
                .put("limit", rollback ? "rollback" : "halt")
                .put("tick", tick)
                .put("log_evidence", logEvidence)
                .put("log_threshold", limit.logThreshold());
        return json.put("ratio", limit.margin().ratio())
                .put("points", limit.margin().points())
                .put("alpha", limit.alpha())
                .put("canary_requests", candidate.requests())
                .put("canary_bad", candidate.bad())
                .put("active_requests", active.requests())
                .put("active_bad", active.bad());
    }

    static Crossing fromJson(JsonNode json) {
        return new Crossing(
                JsonFields.word(json.path("guardrail"), "guardrail", Guardrail.values(), Guardrail::label),
                json.path("limit").stringValue("").equals("rollback"),
                new Limit(
                        new Margin(
                                json.path("ratio").doubleValue(0),
                                json.path("points").doubleValue(0)),
                        json.path("alpha").doubleValue(0)),
                json.path("tick").longValue(0),
                json.path("log_evidence").doubleValue(0),
                new ArmCounts(
                        json.path("canary_requests").longValue(0),
                        json.path("canary_bad").longValue(0)),
                new ArmCounts(
                        json.path("active_requests").longValue(0),
                        json.path("active_bad").longValue(0)));
    }
}
