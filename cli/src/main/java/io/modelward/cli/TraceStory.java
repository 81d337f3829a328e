package io.modelward.cli;

import io.modelward.core.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A trace, told from the answer back to where the model came from. */
final class TraceStory {

    private TraceStory() {}

    static void tell(Out out, JsonNode trace) {
        prediction(out, trace.path("prediction"));
        out.blank();
        version(out, trace.path("version"));
        out.blank();
        route(out, trace.path("route"), trace.path("live"), trace.path("prediction"));
        if (trace.has("rollout")) {
            out.blank();
            rollout(out, trace.path("rollout"));
        }
        if (!trace.path("audit").isEmpty()) {
            out.blank();
            out.title("Recorded changes");
            out.indented(Show.audit(oldestFirst(trace.path("audit"))));
        }
    }

    private static JsonNode oldestFirst(JsonNode audit) {
        List<JsonNode> entries = new ArrayList<>();
        audit.forEach(entries::add);
        entries.sort(Comparator.comparingLong(entry -> entry.path("sequence").asLong(0)));
        return Json.array().addAll(entries);
    }

    private static void prediction(Out out, JsonNode prediction) {
        out.title("Prediction " + Text.of(prediction, "prediction_id"));
        out.field(
                "answered",
                Text.time(prediction, "time") + " with status " + Text.of(prediction, "status") + " in "
                        + Spans.ofMillis(prediction.path("latency_ms").asDouble(0)) + ", "
                        + Text.plural(prediction.path("rows").asLong(0), "row"));
        out.field("by", Text.of(prediction, "model") + "@" + Text.of(prediction, "model_version"));
        out.field("digest", Text.of(prediction, "digest"));
        out.field(
                "endpoint",
                Text.of(prediction, "endpoint") + ", route revision " + Text.of(prediction, "revision") + ", "
                        + EndpointShowCommand.armRole(Text.of(prediction, "arm"))
                        + " arm");
        out.field("runtime", Text.of(prediction, "runtime"));
        out.field("input", Text.of(prediction, "input_sha256"));
        out.field("output", Text.of(prediction, "output_sha256"));
    }

    private static void version(Out out, JsonNode version) {
        out.title("Version " + Text.of(version, "model") + "@" + Text.of(version, "version"));
        out.field("published", Text.time(version, "published_at") + " by " + Text.who(version, "published_by"));
        out.field("why", Text.of(version, "reason"));
        JsonNode card = version.path("card");
        for (String name : List.of("name", "author", "framework", "algorithm")) {
            out.field(name.equals("name") ? "title" : name, Text.of(card, name));
        }
        out.field("training data", Show.members(card.path("training_data"), Integer.MAX_VALUE));
        out.field("performance", Show.members(card.path("performance"), Integer.MAX_VALUE));
        out.field("card", Text.of(version, "card_digest"));
        out.field("deleted", Text.time(version, "deleted_at"));
        if (version.has("provenance")) {
            out.blank();
            Show.provenance(out, version.path("provenance"));
        }
        out.blank();
        out.indented(Show.files(version.path("files")));
    }

    private static void route(Out out, JsonNode route, JsonNode live, JsonNode prediction) {
        out.title("Route revision " + Text.of(route, "revision"));
        out.field("moved", Text.time(route, "changed_at") + " by " + Text.who(route, "changed_by"));
        out.field("cause", Text.of(route, "cause"));
        out.field("why", Text.of(route, "reason"));
        out.field("contract", route.path("contract_changed").asBoolean(false) ? "changed with this move" : "");
        live(out, live, prediction);
    }

    /** The interval in which the prediction was made; the others are counted. */
    private static void live(Out out, JsonNode live, JsonNode prediction) {
        List<JsonNode> intervals = live.valueStream().toList();
        if (intervals.isEmpty()) {
            return;
        }
        JsonNode interval = intervals.stream()
                .filter(one -> holds(one, Text.of(prediction, "time")))
                .findFirst()
                .orElse(intervals.getLast());
        String until = Text.time(interval, "to");
        int others = intervals.size() - 1;
        out.field(
                "live",
                "from " + Text.time(interval, "from") + (until.isEmpty() ? " until now" : " to " + until)
                        + ", revision " + Text.of(interval, "revision")
                        + (others == 0 ? "" : ", and at " + Text.plural(others, "other time") + " (see --json)"));
    }

    private static boolean holds(JsonNode interval, String time) {
        try {
            Instant at = Instant.parse(time);
            String to = Text.of(interval, "to");
            return !at.isBefore(Instant.parse(Text.of(interval, "from")))
                    && (to.isEmpty() || at.isBefore(Instant.parse(to)));
        } catch (DateTimeException unusual) {
            return false;
        }
    }

    /** The rollout that made the route revision: the step is that of the prediction, the rest is as it is now. */
    private static void rollout(Out out, JsonNode rollout) {
        out.title("Rollout " + Text.of(rollout, "id") + " from " + Text.of(rollout, "active") + " to "
                + Text.of(rollout, "candidate"));
        out.field("step", Text.of(rollout, "step") + " of " + Text.of(rollout, "step_count"));
        out.field("state now", RolloutShow.state(rollout));
        String verdict = Text.of(rollout.path("verdict"), "sentence");
        out.field("why", verdict.equals(Text.of(rollout, "reason")) ? "" : Text.of(rollout, "reason"));
        out.field("verdict", verdict);
        out.field("started", Text.time(rollout.path("started"), "at") + " by " + RolloutShow.starter(rollout));
    }
}
