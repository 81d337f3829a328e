package io.modelward.cli;

import io.modelward.core.json.Json;
import tools.jackson.databind.node.ObjectNode;

/** Rollouts as a server shows them. */
final class RolloutDocuments {

    static final String ID = "r-89abcdef01234567";

    private RolloutDocuments() {}

    static ObjectNode rollout(String state) {
        ObjectNode json = (ObjectNode) Json.parse("""
                {"id":"r-89abcdef01234567","endpoint":"iris","number":2,"state":"","reason":"Step 1 of 4: the candidate gets 5 % of the requests.",
                 "strategy":"canary","model":"default/iris","candidate":"1.1.0","active":"1.0.0","step":1,"step_count":4,"traffic_percent":5.0,
                 "dwell_ms":3240,"least_dwell_ms":5000,"samples":43,"least_samples":100,"gate":"no-harm","plan":{"steps":[5,25,50,100]},
                 "updated_at":"2026-11-24T14:34:33.6Z","started":{"at":"2026-11-24T14:34:30Z","actor":"ann","actor_verified":false,"reason":"retrained"},
                 "limits":["Rolls back when it is proven that the candidate's error rate exceeds the active version's by more than 5 points."],
                 "sensitivity":["With 5 % of the traffic, a candidate that fails 20 % is rolled back after about 53 requests to it."],
                 "evidence":[
                  {"guardrail":"errors","limit":"rollback","ratio":1.0,"points":0.05,"alpha":0.01,"log_evidence":2.3,"log_threshold":4.605170186,
                   "crossed":false,"canary":{"requests":43,"bad":3},"active":{"requests":900,"bad":9}},
                  {"guardrail":"errors","limit":"halt","ratio":1.5,"points":0.01,"alpha":0.05,"log_evidence":2.5,"log_threshold":2.995732274,
                   "crossed":true,"canary":{"requests":43,"bad":3},"active":{"requests":900,"bad":9}},
                  {"guardrail":"latency","limit":"halt","ratio":1.0,"points":0.01,"alpha":0.05,"log_evidence":-0.4,"log_threshold":2.995732274,
                   "crossed":false,"canary":{"requests":43,"bad":0},"active":{"requests":900,"bad":0}}]}""", "rollout");
        return json.put("state", state);
    }

    static ObjectNode held(String by) {
        return rollout("HELD").put("held_by", by).put("reason", "Held by ann.");
    }

    static ObjectNode rolledBack() {
        ObjectNode json =
                rollout("ROLLED_BACK").put("reason", "1.1.0 failed 9 of 43.").put("traffic_percent", 0);
        json.putObject("verdict")
                .put("sentence", "1.1.0 failed 9 of 43.")
                .put("callers_affected", 9)
                .put("traffic_affected_percent", 0.954);
        return json.put("withdrawn_us", 412.4);
    }

    static String event(ObjectNode rollout) {
        return "event: rollout\ndata: " + Json.write(rollout) + "\n\n";
    }
}
