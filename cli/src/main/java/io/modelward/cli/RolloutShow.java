package io.modelward.cli;

import io.modelward.core.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A rollout for people. */
final class RolloutShow {

    private static final String INDENT = "  ";
    private static final int NAME = 16;
    private static final int WIDTH = 90;
    private static final int CELLS = 16;

    private RolloutShow() {}

    static void started(Out out, JsonNode rollout) {
        boolean waits = Text.of(rollout, "state").equals("QUEUED");
        out.good((waits ? "Queued rollout " : "Started rollout ") + title(rollout));
        fields(rollout).forEach(out::line);
        out.blank();
        out.title("Limits in force");
        sentences(out, rollout.path("limits"));
        out.title("What they see");
        sentences(out, rollout.path("sensitivity"));
    }

    private static void sentences(Out out, JsonNode sentences) {
        sentences.forEach(one -> wrapped(one.asString(""), WIDTH - INDENT.length() * 2)
                .forEach(line -> out.line(INDENT + (line.startsWith(" ") ? INDENT + line.strip() : "- " + line))));
    }

    /** The whole picture, line by line. */
    static List<String> status(JsonNode rollout) {
        List<String> lines = new ArrayList<>();
        lines.add("Rollout " + title(rollout));
        lines.addAll(fields(rollout));
        String verdict = Text.of(rollout.path("verdict"), "sentence");
        if (!verdict.isEmpty()) {
            field(lines, "verdict", verdict.equals(Text.of(rollout, "reason")) ? "as above" : verdict);
            field(
                    lines,
                    "affected",
                    Text.plural(rollout.path("verdict").path("callers_affected").asLong(0), "request") + ", "
                            + percent(rollout.path("verdict")
                                    .path("traffic_affected_percent")
                                    .asDouble(0))
                            + " of the traffic");
        }
        if (rollout.has("withdrawn_us")) {
            field(
                    lines,
                    "traffic gone",
                    Math.round(rollout.path("withdrawn_us").asDouble(0)) + " microseconds after harm was seen");
        }
        if (!rollout.path("evidence").isEmpty()) {
            lines.add("");
            arms(rollout).lines().forEach(line -> lines.add(INDENT + line));
            lines.add("");
            limits(rollout.path("evidence")).lines().forEach(line -> lines.add(INDENT + line));
        }
        return lines;
    }

    /** One line that says all that changes rarely. */
    static String line(JsonNode rollout) {
        String held = Text.of(rollout, "held_by");
        return Text.time(rollout, "updated_at") + " " + Text.of(rollout, "state")
                + (held.isEmpty() ? "" : " (" + held + ")") + " step " + Text.of(rollout, "step") + " of "
                + Text.of(rollout, "step_count") + ", " + traffic(rollout) + " to " + Text.of(rollout, "candidate")
                + ": " + Text.of(rollout, "reason");
    }

    private static String title(JsonNode rollout) {
        return Text.of(rollout, "id") + " of endpoint " + Text.of(rollout, "endpoint") + ": "
                + Text.of(rollout, "model") + " from " + Text.of(rollout, "active") + " to "
                + Text.of(rollout, "candidate") + ", " + Text.of(rollout, "strategy");
    }

    private static List<String> fields(JsonNode rollout) {
        List<String> lines = new ArrayList<>();
        String held = Text.of(rollout, "held_by");
        field(lines, "state", Text.of(rollout, "state") + (held.isEmpty() ? "" : ", held by: " + held));
        field(lines, "why", Text.of(rollout, "reason"));
        String steps = Show.joined(rollout.path("plan").path("steps"));
        field(
                lines,
                "step",
                Text.of(rollout, "step") + " of " + Text.of(rollout, "step_count")
                        + (steps.isEmpty() ? "" : " (" + steps + " %)") + ", gate " + Text.of(rollout, "gate"));
        field(lines, "traffic", traffic(rollout) + " to the candidate");
        field(
                lines,
                "dwell",
                time(rollout.path("dwell_ms").asLong(0)) + " of at least "
                        + Durations.write(
                                Duration.ofMillis(rollout.path("least_dwell_ms").asLong(0))));
        field(lines, "samples", Text.of(rollout, "samples") + " of at least " + Text.of(rollout, "least_samples"));
        if (rollout.has("latency_threshold_ms")) {
            field(lines, "slow", "beyond " + Text.of(rollout, "latency_threshold_ms") + " ms");
        }
        field(lines, "started", Text.time(rollout.path("started"), "at") + " by " + starter(rollout));
        field(lines, "reason", Text.of(rollout.path("started"), "reason"));
        return lines;
    }

    private static void field(List<String> lines, String name, String value) {
        if (!value.isBlank()) {
            List<String> parts = wrapped(value, WIDTH - NAME - INDENT.length());
            lines.add(INDENT + name + " ".repeat(NAME - name.length()) + parts.getFirst());
            parts.stream().skip(1).forEach(part -> lines.add(INDENT + " ".repeat(NAME) + part.strip()));
        }
    }

    /** Lines of words; all but the first begin with a space. */
    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : Text.harmless(text).split(" ", 0)) {
            if (line.length() + 1 + word.length() > width && !line.toString().isBlank()) {
                lines.add(line.toString());
                line = new StringBuilder();
            }
            line.append(line.isEmpty() && lines.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
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
        Table table = new Table("LIMIT", "MARGIN", "EVIDENCE", ">NOW", ">AT", "");
        evidence.forEach(reading -> table.row(
                Text.of(reading, "guardrail") + " " + Text.of(reading, "limit"),
                margin(reading),
                bar(reading),
                two(reading.path("log_evidence").asDouble(0)),
                two(reading.path("log_threshold").asDouble(0)),
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

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String time(long millis) {
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        Duration time = Duration.ofMillis(millis);
        return time.toHours() > 0
                ? time.toHours() + "h " + time.toMinutesPart() + "m"
                : time.toMinutes() + "m " + time.toSecondsPart() + "s";
    }
}
