package io.modelward.cli;

import io.modelward.core.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** A rollout's limits as options: how much worse than the active version its candidate may be proven to be. */
final class RolloutLimitOptions {

    @Option(
            names = "--rollback-points",
            paramLabel = "P",
            description = "roll back when the error rate is proven to be higher by more than this; 0.05 is five points"
                    + " (default: 0.05)")
    private @Nullable Double rollbackPoints;

    @Option(
            names = "--rollback-ratio",
            paramLabel = "R",
            description = "what the active version's rate is multiplied by before the points are added (default: 1)")
    private @Nullable Double rollbackRatio;

    @Option(
            names = "--rollback-alpha",
            paramLabel = "A",
            description = "the chance of a false alarm of this limit (default: 0.01)")
    private @Nullable Double rollbackAlpha;

    @Option(
            names = "--halt-points",
            paramLabel = "P",
            description = "halt when errors or latency are proven to diverge by more than this (default: 0.01)")
    private @Nullable Double haltPoints;

    @Option(
            names = "--halt-ratio",
            paramLabel = "R",
            description = "what the active version's rate is multiplied by before the points are added (default: 1)")
    private @Nullable Double haltRatio;

    @Option(
            names = "--halt-alpha",
            paramLabel = "A",
            description = "the chance of a false alarm of each halt limit (default: 0.05)")
    private @Nullable Double haltAlpha;

    @Option(
            names = "--latency-quantile",
            paramLabel = "Q",
            description = "the quantile of the active version's latency that is compared with: 0.5, 0.95 or 0.99"
                    + " (default: 0.95)")
    private @Nullable Double latencyQuantile;

    @Option(
            names = "--latency-tolerance",
            paramLabel = "T",
            description =
                    "a request is slow when it takes longer than the quantile and this share of it; 1 is twice as long"
                            + " (default: 1)")
    private @Nullable Double latencyTolerance;

    @Option(
            names = "--latency-slack",
            paramLabel = "DURATION",
            description =
                    "a request is never slow that takes at most this much longer than the quantile (default: 10ms)")
    private @Nullable String latencySlack;

    @Option(names = "--no-latency", description = "do not compare latency")
    private boolean noLatency;

    void write(ObjectNode json) {
        limit(json, "rollback", rollbackRatio, rollbackPoints, rollbackAlpha);
        limit(json, "halt", haltRatio, haltPoints, haltAlpha);
        ObjectNode latency = Json.object();
        RolloutPlanOptions.number(latency, "quantile", latencyQuantile);
        RolloutPlanOptions.number(latency, "tolerance", latencyTolerance);
        if (latencySlack != null) {
            latency.put("slack", latencySlack);
        }
        if (noLatency && !latency.isEmpty()) {
            throw new Usage("--no-latency leaves nothing for the other --latency options to say.");
        }
        if (noLatency) {
            json.put("latency", false);
        } else if (!latency.isEmpty()) {
            json.set("latency", latency);
        }
    }

    private static void limit(
            ObjectNode json, String name, @Nullable Double ratio, @Nullable Double points, @Nullable Double alpha) {
        ObjectNode limit = Json.object();
        RolloutPlanOptions.number(limit, "ratio", ratio);
        RolloutPlanOptions.number(limit, "points", points);
        RolloutPlanOptions.number(limit, "alpha", alpha);
        if (!limit.isEmpty()) {
            json.set(name, limit);
        }
    }
}
