package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import io.modelward.core.fields.JsonFields;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads a plan from JSON, with defaults for what is not said. Shares of traffic are in percent, rates and points are
 * fractions.
 */
public final class PlanReader {

    /** The names of a plan's members. */
    public static final List<String> FIELDS = List.of(
            "strategy",
            "steps",
            "min_dwell",
            "min_samples",
            "gate",
            "bake",
            "holdback",
            "rollback",
            "halt",
            "latency",
            "on_halt",
            "on_inconclusive",
            "promotion",
            "step_timeout",
            "evidence_deadline",
            "incident_rate");

    private static final List<Integer> CANARY_STEPS = List.of(500, 2_500, 5_000, Route.WHOLE);
    private static final int MOST_STEPS = 50;
    private static final Limit ROLLBACK = new Limit(new Margin(1, 0.05), 0.01);
    private static final Limit HALT = new Limit(new Margin(1, 0.01), 0.05);
    private static final Limit PROMOTION = new Limit(new Margin(1, 0.01), 0.05);
    /** Far beyond any answer, and nanoseconds of it fit into a long. */
    private static final Duration LONGEST_SLACK = Duration.ofHours(1);

    private static final List<Double> QUANTILES = List.of(0.5, 0.95, 0.99);

    private PlanReader() {}

    /** @throws ProblemException INVALID naming the member that is wrong */
    public static RolloutPlan read(JsonNode json) {
        JsonFields fields = new JsonFields(json, "").only(FIELDS);
        StrategyKind strategy =
                fields.word("strategy", StrategyKind.CANARY, StrategyKind.values(), StrategyKind::label);
        List<Integer> steps = steps(fields, strategy);
        Duration minDwell = fields.duration("min_dwell", Duration.ofSeconds(30));
        Limit halt = limit(fields, "halt", HALT);
        int holdback = basisPoints(
                fields.number("holdback", 1, 0, 50), "holdback", "holdback is a percentage with at most two decimals.");
        if (steps.size() > 1 && steps.get(steps.size() - 2) > Route.WHOLE - holdback) {
            throw ProblemException.invalid(
                    "holdback", "holdback leaves the last step at least what the step before it has.");
        }
        Duration deadline = fields.duration("evidence_deadline", Duration.ofSeconds(2));
        if (deadline.compareTo(Duration.ofMillis(10)) < 0 || deadline.compareTo(Duration.ofMinutes(1)) > 0) {
            throw ProblemException.invalid("evidence_deadline", "evidence_deadline is from 10ms to 1m.");
        }
        return new RolloutPlan(
                strategy,
                steps,
                minDwell,
                fields.whole("min_samples", 100, 1_000_000_000),
                gates(fields, steps.size()),
                fields.duration("bake", Duration.ZERO),
                holdback,
                limit(fields, "rollback", ROLLBACK),
                halt,
                latency(fields, halt),
                fields.word("on_halt", OnHalt.HOLD, OnHalt.values(), OnHalt::label),
                fields.word("on_inconclusive", OnInconclusive.HOLD, OnInconclusive.values(), OnInconclusive::label),
                limit(fields, "promotion", PROMOTION),
                stepTimeout(fields),
                deadline,
                fields.number("incident_rate", 0.1, 0.001, 1));
    }

    private static List<Integer> steps(JsonFields fields, StrategyKind strategy) {
        Optional<JsonNode> given = fields.member("steps");
        if (given.isEmpty()) {
            return strategy == StrategyKind.CANARY ? CANARY_STEPS : List.of(Route.WHOLE);
        }
        JsonNode array = given.get();
        String what = "steps is an array of percentages above 0, ascending, with at most two decimals, such as [5, 25,"
                + " 50, 100].";
        if (!array.isArray() || array.isEmpty() || array.size() > MOST_STEPS) {
            throw ProblemException.invalid("steps", what);
        }
        List<Integer> steps = new ArrayList<>();
        for (JsonNode step : array) {
            double percent = step.isNumber() ? step.doubleValue() : 0;
            int points = basisPoints(percent, "steps", what);
            if (percent > 100 || points < 1 || (!steps.isEmpty() && points <= steps.getLast())) {
                throw ProblemException.invalid("steps", what);
            }
            steps.add(points);
        }
        if (strategy == StrategyKind.BLUE_GREEN && (steps.size() > 1 || steps.getFirst() != Route.WHOLE)) {
            throw ProblemException.invalid("steps", "A blue-green rollout has one step, 100.");
        }
        if (steps.getLast() != Route.WHOLE) {
            steps.add(Route.WHOLE);
        }
        return steps;
    }

    private static Duration stepTimeout(JsonFields fields) {
        Duration timeout = fields.duration("step_timeout", Duration.ofHours(1));
        if (timeout.isZero()) {
            throw ProblemException.invalid("step_timeout", "step_timeout is longer than 0.");
        }
        return timeout;
    }

    private static int basisPoints(double percent, String field, String what) {
        int points = (int) Math.round(percent * 100);
        if (Math.abs(percent * 100 - points) > 1e-6) {
            throw ProblemException.invalid(field, what);
        }
        return points;
    }

    private static List<Gate> gates(JsonFields fields, int steps) {
        Optional<JsonNode> given = fields.member("gate");
        if (given.isEmpty()) {
            return Collections.nCopies(steps, Gate.NO_HARM);
        }
        if (!given.get().isArray()) {
            return Collections.nCopies(steps, JsonFields.word(given.get(), "gate", Gate.values(), Gate::label));
        }
        if (given.get().size() != steps) {
            throw ProblemException.invalid(
                    "gate", "gate is one word for all steps, or one for each of the " + steps + ".");
        }
        return given.get()
                .valueStream()
                .map(one -> JsonFields.word(one, "gate", Gate.values(), Gate::label))
                .toList();
    }

    private static Optional<LatencyGuard> latency(JsonFields fields, Limit halt) {
        Optional<JsonNode> given = fields.member("latency");
        if (given.isPresent() && given.get().isBoolean() && !given.get().booleanValue()) {
            return Optional.empty();
        }
        JsonFields latency = given.filter(JsonNode::isObject)
                .map(json -> new JsonFields(json, "latency"))
                .orElseGet(() -> {
                    if (given.isPresent()) {
                        throw ProblemException.invalid("latency", "latency is an object, or false to compare none.");
                    }
                    return new JsonFields(io.modelward.core.json.Json.object(), "latency");
                });
        latency.only(List.of("quantile", "tolerance", "slack", "halt", "rollback"));
        double quantile = latency.number("quantile", 0.95, 0, 1);
        if (!QUANTILES.contains(quantile)) {
            throw ProblemException.invalid("latency.quantile", "latency.quantile is 0.5, 0.95 or 0.99.");
        }
        Duration slack = latency.duration("slack", Duration.ofMillis(10));
        if (slack.compareTo(LONGEST_SLACK) > 0) {
            throw ProblemException.invalid("latency.slack", "latency.slack is at most 1h.");
        }
        return Optional.of(new LatencyGuard(
                quantile,
                latency.number("tolerance", 1, 0, 1000),
                slack,
                limit(latency, "halt", halt),
                latency.object("rollback").map(rollback -> limit(rollback, ROLLBACK))));
    }

    private static Limit limit(JsonFields fields, String name, Limit otherwise) {
        return fields.object(name).map(limit -> limit(limit, otherwise)).orElse(otherwise);
    }

    private static Limit limit(JsonFields fields, Limit otherwise) {
        fields.only(List.of("ratio", "points", "alpha"));
        return new Limit(
                new Margin(
                        fields.number("ratio", otherwise.margin().ratio(), 0.01, 100),
                        fields.number("points", otherwise.margin().points(), 0, 0.99)),
                fields.number("alpha", otherwise.alpha(), 1e-12, 0.5));
    }
}
