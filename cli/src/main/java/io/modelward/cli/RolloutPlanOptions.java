package io.modelward.cli;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.PlanReader;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A rollout's plan as options. What is not given is left to the server's defaults. */
final class RolloutPlanOptions {

    private static final String STEPS = "--steps are percentages above 0, ascending, such as 5,25,50,100.";

    @Option(names = "--strategy", paramLabel = "NAME", description = "canary or blue-green (default: canary)")
    private @Nullable String strategy;

    @Option(
            names = "--steps",
            paramLabel = "PERCENT,…",
            description = "the candidate's shares of the requests (default: 5,25,50,100; 100 for blue-green)")
    private @Nullable String steps;

    @Option(
            names = "--min-dwell",
            paramLabel = "DURATION",
            description = "least time in each step, such as 5s or 10m (default: 30s)")
    private @Nullable String minDwell;

    @Option(
            names = "--min-samples",
            paramLabel = "N",
            description = "least requests to the candidate in each step (default: 100)")
    private @Nullable Long minSamples;

    @Option(
            names = "--gate",
            paramLabel = "NAME,…",
            description = "what a step must show: no-harm, non-inferior or approval; one for all steps or one for each"
                    + " (default: no-harm)")
    private @Nullable String gate;

    @Option(
            names = "--bake",
            paramLabel = "DURATION",
            description = "least time in the last step (default: --min-dwell)")
    private @Nullable String bake;

    @Option(
            names = "--holdback",
            paramLabel = "PERCENT",
            description = "what stays with the active version in the last step, to compare with (default: 1)")
    private @Nullable Double holdback;

    @Option(
            names = "--on-halt",
            paramLabel = "DO",
            description = "when a halt limit is crossed: hold or rollback (default: hold)")
    private @Nullable String onHalt;

    @Option(
            names = "--on-inconclusive",
            paramLabel = "DO",
            description = "when a step's time is over undecided: hold, rollback or promote (default: hold)")
    private @Nullable String onInconclusive;

    @Option(names = "--step-timeout", paramLabel = "DURATION", description = "when a step's time is over (default: 1h)")
    private @Nullable String stepTimeout;

    @Option(
            names = "--evidence-deadline",
            paramLabel = "DURATION",
            description = "a request without an outcome after this time is bad (default: 2s)")
    private @Nullable String evidenceDeadline;

    @Option(
            names = "--incident-rate",
            paramLabel = "RATE",
            description = "the active version's own error rate at which the rollout is held (default: 0.1)")
    private @Nullable Double incidentRate;

    @Mixin
    private RolloutLimitOptions limits = new RolloutLimitOptions();

    /** @throws Usage naming the option that is wrong */
    ObjectNode json() {
        ObjectNode json = Json.object();
        text(json, "strategy", strategy);
        if (steps != null) {
            steps(json.putArray("steps"), steps);
        }
        text(json, "min_dwell", minDwell);
        if (minSamples != null) {
            json.put("min_samples", minSamples);
        }
        gate(json);
        text(json, "bake", bake);
        number(json, "holdback", holdback);
        limits.write(json);
        text(json, "on_halt", onHalt);
        text(json, "on_inconclusive", onInconclusive);
        text(json, "step_timeout", stepTimeout);
        text(json, "evidence_deadline", evidenceDeadline);
        number(json, "incident_rate", incidentRate);
        check(json);
        return json;
    }

    private static void text(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    static void number(ObjectNode json, String name, @Nullable Double value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void steps(ArrayNode array, String text) {
        for (String step : text.split(",", -1)) {
            try {
                array.add(new BigDecimal(step.strip()));
            } catch (NumberFormatException malformed) {
                throw new Usage(STEPS);
            }
        }
    }

    private void gate(ObjectNode json) {
        if (gate != null && gate.indexOf(',') >= 0) {
            ArrayNode gates = json.putArray("gate");
            for (String one : gate.split(",", -1)) {
                gates.add(one.strip());
            }
        } else {
            text(json, "gate", gate);
        }
    }

    /** The server holds it to the same rules; here the option can be named. */
    private static void check(ObjectNode json) {
        try {
            PlanReader.read(json);
        } catch (ProblemException wrong) {
            String field = wrong.problem().field().orElse("");
            String option = "--" + field.replace('_', '-').replace('.', '-');
            String detail = wrong.problem().detail();
            throw new Usage(
                    field.equals("steps") && !detail.contains("blue-green")
                            ? STEPS
                            : detail.startsWith(field + " ")
                                    ? option + detail.substring(field.length())
                                    : option + ": " + detail);
        }
    }
}
