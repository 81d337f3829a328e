package io.modelward.server.mlflow;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.MetricPoint;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The histories of MLflow's metrics. */
final class MetricHistoryDoor {

    private static final int MOST_POINTS = 25_000;
    private static final int MOST_SAMPLES = 2500;
    private static final String INTERVAL = "/metrics/get-history-bulk-interval";

    private final MetricHistory history;

    MetricHistoryDoor(MetricHistory history) {
        this.history = history;
    }

    void open(MlflowRoutes calls) {
        calls.get("/metrics/get-history", Action.READ, this::history);
        calls.get("/metrics/get-history-bulk", Action.READ, this::whole, "run_id");
        calls.get(INTERVAL, Action.READ, this::interval, "run_ids");
        calls.getAt("/api/2.11/mlflow" + INTERVAL, Action.READ, this::interval, "run_ids");
        calls.getAt("/ajax-api/2.11/mlflow" + INTERVAL, Action.READ, this::interval, "run_ids");
    }

    private Reply history(Message message, Exchange exchange) {
        Page<MetricPoint> page = history.get(
                message.run(),
                message.named("metric_key"),
                MessageReaders.token(message),
                message.size("max_results", MOST_POINTS, MOST_POINTS));
        ObjectNode json = Json.object();
        MlflowJson.list(json, "metrics", page.items(), MlflowJson::point);
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private Reply interval(Message message, Exchange exchange) {
        int most = message.size("max_results", MOST_SAMPLES, MOST_SAMPLES);
        message.named("metric_key");
        OptionalLong start = message.whole("start_step");
        OptionalLong end = message.whole("end_step");
        if (start.isPresent() != end.isPresent()) {
            throw ProblemException.invalid(
                    start.isPresent() ? "end_step" : "start_step",
                    "If either start step or end step are specified, both must be specified.");
        }
        if (start.isPresent() && start.getAsLong() > end.getAsLong()) {
            throw ProblemException.invalid(
                    "end_step",
                    "end_step must be greater than start_step. Found start_step=" + start.getAsLong() + " and end_step="
                            + end.getAsLong() + ".");
        }
        Map<String, List<MetricPoint>> points = history.sampled(
                message.strings("run_ids"),
                message.named("metric_key"),
                start.orElse(Long.MIN_VALUE),
                end.orElse(Long.MAX_VALUE),
                most);
        return reply(points);
    }

    private Reply whole(Message message, Exchange exchange) {
        List<String> runs = message.strings("run_id");
        if (!runs.isEmpty() && message.string("metric_key").isEmpty()) {
            throw ProblemException.invalid("metric_key", "GetMetricHistoryBulk request must specify a metric_key.");
        }
        return reply(history.whole(
                runs, message.string("metric_key").orElse(""), message.size("max_results", MOST_POINTS, MOST_POINTS)));
    }

    private static Reply reply(Map<String, List<MetricPoint>> points) {
        ObjectNode json = Json.object();
        ArrayNode metrics = Json.array();
        points.forEach((run, of) ->
                of.forEach(point -> metrics.add(MlflowJson.point(point).put("run_id", run))));
        if (!metrics.isEmpty()) {
            json.set("metrics", metrics);
        }
        return Reply.ok(json);
    }
}
