package io.modelward.cli;

import io.modelward.client.RolloutCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** A rollout for people. */
final class RolloutShow {

    private static final String INDENT = "  ";
    private static final int CELLS = 12;

    private RolloutShow() {}

    static void started(Out out, JsonNode rollout) {
        boolean waits = Text.of(rollout, "state").equals("QUEUED");
        out.good((waits ? "Queued rollout " : "Started rollout ") + title(rollout));
        if (!out.isJson()) {
            fields(rollout, out.width()).forEach(out::data);
        }
        out.blank();
        out.title("Limits in force");
        sentences(out, rollout.path("limits"));
        out.title("What they see");
        sentences(out, rollout.path("sensitivity"));
    }

    private static void sentences(Out out, JsonNode sentences) {
        sentences.forEach(one -> out.line(INDENT + "- " + one.asString("")));
    }

    /** The whole picture, line by line. Of a rollout that is over, the first thing is whom it harmed. */
    static List<String> status(JsonNode rollout, Screen screen) {
        List<String> lines = new ArrayList<>(Cells.wrap(Text.harmless("Rollout " + title(rollout)), screen.room(0)));
        if (RolloutCalls.ended(rollout)) {
            lines.addAll(Out.field("affected", affected(rollout), screen));
        }
        lines.addAll(fields(rollout, screen));
        String verdict = Text.of(rollout.path("verdict"), "sentence");
        if (!verdict.equals(Text.of(rollout, "reason"))) {
            lines.addAll(Out.field("verdict", verdict, screen));
        }
        if (rollout.has("withdrawn_us")) {
            String time = Spans.ofMillis(rollout.path("withdrawn_us").asDouble(0) / 1000);
            String since = isAborted(rollout) ? " after the order" : " after harm was seen";
            lines.addAll(Out.field("traffic back", time + since, screen));
        }
        if (!rollout.path("evidence").isEmpty()) {
            tables(lines, rollout, screen);
        }
        return lines;
    }

    private static void tables(List<String> lines, JsonNode rollout, Screen screen) {
        OptionalInt width = screen.columns().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(screen.columns().getAsInt() - INDENT.length());
        for (Table table : List.of(arms(rollout), limits(rollout.path("evidence")))) {
            lines.add("");
            table.fit(width).lines().forEach(line -> lines.add((INDENT + line).stripTrailing()));
        }
    }

    /** Which of the requests to the candidate failed. */
    private static String affected(JsonNode rollout) {
        JsonNode verdict = rollout.path("verdict");
        if (verdict.has("callers_affected")) {
            return Text.plural(verdict.path("callers_affected").asLong(0), "request") + ", "
                    + percent(verdict.path("traffic_affected_percent").asDouble(0)) + " of the traffic";
        }
        for (JsonNode reading : rollout.path("evidence")) {
            if (Text.of(reading, "guardrail").equals("errors")) {
                return Text.of(reading.path("canary"), "bad") + " of "
                        + Text.plural(reading.path("canary").path("requests").asLong(0), "request")
                        + " to the candidate failed";
            }
        }
        return "";
    }

    /** One line that says all that changes rarely. */
    static String line(JsonNode rollout) {
        String held = Text.of(rollout, "held_by");
        return Text.time(rollout, "updated_at") + " " + state(rollout)
                + (held.isEmpty() ? "" : " (" + held + ")") + " step " + Text.of(rollout, "step") + " of "
                + Text.of(rollout, "step_count") + ", " + traffic(rollout) + " to " + Text.of(rollout, "candidate")
                + ": " + Text.of(rollout, "reason");
    }

    /** The state. A rollout that a person took back is told from one that evidence took back. */
    static String state(JsonNode rollout) {
        return isAborted(rollout) ? "ABORTED" : Text.of(rollout, "state");
    }

    /**
     * Whether a person took the traffic back: neither a limit did, nor the time of a step that was over undecided.
     */
    private static boolean isAborted(JsonNode rollout) {
        JsonNode verdict = rollout.path("verdict");
        boolean halts = Text.of(rollout.path("plan"), "on_halt").equals("rollback");
        boolean proven =
                verdict.isObject() && (halts || Text.of(verdict, "limit").equals("rollback"));
        return Text.of(rollout, "state").equals("ROLLED_BACK")
                && !proven
                && Text.of(rollout, "reason").startsWith("Aborted");
    }

    private static String title(JsonNode rollout) {
        return Text.of(rollout, "id") + " of endpoint " + Text.of(rollout, "endpoint") + ": "
                + Text.of(rollout, "model") + " from " + Text.of(rollout, "active") + " to "
                + Text.of(rollout, "candidate") + ", " + Text.of(rollout, "strategy");
    }

    private static List<String> fields(JsonNode rollout, Screen screen) {
        List<String> lines = new ArrayList<>();
        BiConsumer<String, String> field = (name, value) -> lines.addAll(Out.field(name, value, screen));
        String held = Text.of(rollout, "held_by");
        field.accept(
                "state",
                isAborted(rollout)
                        ? "ABORTED by a person (ROLLED_BACK)"
                        : Text.of(rollout, "state") + (held.isEmpty() ? "" : ", held by: " + held));
        field.accept("why", Text.of(rollout, "reason"));
        String steps = Show.joined(rollout.path("plan").path("steps"));
        field.accept(
                "step",
                Text.of(rollout, "step") + " of " + Text.of(rollout, "step_count")
                        + (steps.isEmpty() ? "" : " (" + steps + " %)") + ", gate " + Text.of(rollout, "gate"));
        field.accept("traffic", traffic(rollout) + " to the candidate");
        field.accept(
                "dwell",
                Spans.ofMillis(rollout.path("dwell_ms").asDouble(0)) + " of at least "
                        + Spans.ofMillis(rollout.path("least_dwell_ms").asDouble(0)));
        field.accept("samples", Text.of(rollout, "samples") + " of at least " + Text.of(rollout, "least_samples"));
        if (rollout.has("latency_threshold_ms")) {
            field.accept(
                    "slow",
                    "beyond "
                            + Spans.ofMillis(
                                    rollout.path("latency_threshold_ms").asDouble(0)));
        }
        field.accept("started", Text.time(rollout.path("started"), "at") + " by " + starter(rollout));
        field.accept("reason", Text.of(rollout.path("started"), "reason"));
        return lines;
    }

    private static Table arms(JsonNode rollout) {
        Table table = new Table("ARM", "VERSION", ">REQUESTS", ">FAILED", ">ERROR RATE");
        for (JsonNode reading : rollout.path("evidence")) {
            if (Text.of(reading, "guardrail").equals("errors")) {
                arm(table, "candidate", Text.of(rollout, "candidate"), reading.path("canary"));
                arm(table, "active", Text.of(rollout, "active"), reading.path("active"));
                break;
            }
        }
        return table;
    }

    private static void arm(Table table, String arm, String version, JsonNode counts) {
        long requests = counts.path("requests").asLong(0);
        long bad = counts.path("bad").asLong(0);
        String rate = requests == 0 ? "none yet" : percent(100.0 * bad / requests);
        table.row(arm, version, Long.toString(requests), Long.toString(bad), rate);
    }

    private static Table limits(JsonNode evidence) {
        Table table = new Table("LIMIT", "?MARGIN", "?EVIDENCE", ">NOW", ">ENOUGH", "");
        evidence.forEach(reading -> table.row(
                Text.of(reading, "guardrail") + " " + Text.of(reading, "limit"),
                margin(reading),
                bar(reading),
                Odds.of(reading.path("log_evidence").asDouble(0)),
                Odds.of(reading.path("log_threshold").asDouble(0)),
                reading.path("crossed").asBoolean(false) ? "crossed" : ""));
        return table;
    }

    private static String margin(JsonNode reading) {
        double ratio = reading.path("ratio").asDouble(1);
        double fraction = reading.path("points").asDouble(0);
        String points = shorter(fraction * 100) + (fraction == 0.01 ? " point" : " points");
        return ratio == 1 ? points : shorter(ratio) + " times + " + points;
    }

    /**
     * How much of the way to its threshold the logarithm of the evidence has come; the bar is full where the limit was
     * crossed.
     */
    static String bar(JsonNode reading) {
        double part = reading.path("log_evidence").asDouble(0)
                / reading.path("log_threshold").asDouble(1);
        boolean crossed = reading.path("crossed").asBoolean(false);
        int full = crossed ? CELLS : (int) Math.clamp(part * CELLS, 0, CELLS - 1);
        return "[" + "#".repeat(full) + "-".repeat(CELLS - full) + "]";
    }

    static String starter(JsonNode rollout) {
        JsonNode started = rollout.path("started");
        return Text.of(started, "actor") + (started.path("actor_verified").asBoolean(false) ? "" : " (unverified)");
    }

    static String traffic(JsonNode rollout) {
        return percent(rollout.path("traffic_percent").asDouble(0));
    }

    private static String percent(double percent) {
        return shorter(percent) + "%";
    }

    private static String shorter(double value) {
        return new java.math.BigDecimal(String.format(Locale.ROOT, "%.3g", value))
                .stripTrailingZeros()
                .toPlainString();
    }
}
