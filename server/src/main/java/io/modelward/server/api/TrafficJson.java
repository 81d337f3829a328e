package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.rollout.LimitMonitor;
import io.modelward.gateway.rollout.RolloutSeries.Point;
import io.modelward.gateway.rollout.RolloutSeries.Series;
import io.modelward.gateway.rollout.RolloutSeries.Share;
import io.modelward.gateway.traffic.TrafficService.ArmTraffic;
import io.modelward.gateway.traffic.TrafficService.Recent;
import io.modelward.gateway.traffic.TrafficService.Traffic;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was measured over time as the JSON of docs/api.yaml. A value that is not known is left out. */
final class TrafficJson {

    private TrafficJson() {}

    static ObjectNode traffic(Traffic traffic, Recent recent) {
        ObjectNode json = Json.object().put("interval_seconds", traffic.seconds());
        ObjectNode now = json.putObject("last_minute")
                .put("requests", recent.requests())
                .put("requests_per_second", recent.rate())
                .put("error_rate", recent.errors());
        put(now, "p50_ms", recent.p50());
        put(now, "p99_ms", recent.p99());
        ArrayNode versions = json.putArray("versions");
        for (ArmTraffic arm : traffic.arms()) {
            ObjectNode one = versions.addObject()
                    .put("model", arm.model())
                    .put("model_version", arm.version())
                    .put("arm", arm.role());
            ArrayNode points = one.putArray("points");
            arm.points().forEach(point -> {
                ObjectNode at = points.addObject()
                        .put("from", point.from().toString())
                        .put("requests", point.requests())
                        .put("error_rate", point.errors());
                put(at, "p50_ms", point.p50());
                put(at, "p95_ms", point.p95());
                put(at, "p99_ms", point.p99());
            });
        }
        return json;
    }

    static ObjectNode series(Series series) {
        ObjectNode json = Json.object();
        ArrayNode limits = json.putArray("limits");
        for (LimitMonitor.Reading limit : series.limits()) {
            limits.addObject()
                    .put("guardrail", limit.guardrail().label())
                    .put("limit", limit.rollback() ? "rollback" : "halt")
                    .put("log_threshold", limit.limit().logThreshold());
        }
        ArrayNode points = json.putArray("points");
        for (Point point : series.points()) {
            ObjectNode at = points.addObject().put("requests", point.requests());
            share(at, "canary_errors", point.errors());
            share(at, "active_errors", point.activeErrors());
            share(at, "canary_slow", point.slow());
            share(at, "active_slow", point.activeSlow());
            ArrayNode evidence = at.putArray("log_evidence");
            point.logEvidence().forEach(evidence::add);
        }
        return json;
    }

    private static void share(ObjectNode json, String name, Share share) {
        if (!Double.isNaN(share.share())) {
            json.putObject(name)
                    .put("rate", share.share())
                    .put("at_least", share.low())
                    .put("at_most", share.high());
        }
    }

    private static void put(ObjectNode json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.put(name, value);
        }
    }
}
