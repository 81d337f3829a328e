package io.modelward.core.rollout;

import io.modelward.core.evidence.ArmId;
import io.modelward.core.evidence.Tick;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rollout's evidence as a document that can be judged again anywhere: the plan, the active version's error rate
 * before, and every tick's counters.
 */
public final class EvidenceExport {

    private static final String FORMAT = "modelward-evidence/1";

    private EvidenceExport() {}

    /** What was exported. */
    public record Exported(RolloutPlan plan, double errorPrior, Optional<Crossing> verdict, JsonNode ticks) {

        public void forEachTick(Consumer<ScoredTick> consumer) {
            int place = 0;
            for (JsonNode tick : ticks) {
                consumer.accept(tick(tick, "ticks[" + place++ + "]"));
            }
        }
    }

    /** All but the ticks; they are added with {@link #write(ScoredTick)} under {@code ticks}. */
    public static ObjectNode head(Rollout rollout) {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("rollout", rollout.id())
                .put("endpoint", rollout.endpoint())
                .put("state", rollout.state().name())
                .put("candidate", rollout.candidate().reference())
                .put("candidate_digest", rollout.candidate().digest().toString())
                .put("active", rollout.active().reference())
                .put("active_digest", rollout.active().digest().toString());
        json.set("plan", PlanJson.write(rollout.plan()));
        json.put("error_prior", rollout.progress().errorPrior());
        rollout.progress().threshold().ifPresent(micros -> json.put("latency_threshold_us", micros));
        rollout.progress().verdict().ifPresent(verdict -> json.set("verdict", verdict.toJson()));
        return json;
    }

    public static ObjectNode write(ScoredTick tick) {
        ObjectNode json = Json.object()
                .put("tick", tick.number())
                .put("revision", tick.revision())
                .put("split", tick.splits().get(ArmId.CANDIDATE));
        for (Guardrail guardrail : Guardrail.values()) {
            tick.comparison(guardrail, ArmId.CANDIDATE)
                    .ifPresent(counts -> json.set(guardrail.label(), counts(counts)));
        }
        return json;
    }

    private static ObjectNode counts(Tick tick) {
        return Json.object()
                .put("n_canary", tick.candidate().requests())
                .put("x_canary", tick.candidate().bad())
                .put("n_active", tick.active().requests())
                .put("x_active", tick.active().bad());
    }

    /** @throws ProblemException INVALID when it is no export */
    public static Exported read(String text) {
        JsonNode json = Json.parse(text, "evidence");
        if (!json.path("format").stringValue("").equals(FORMAT)
                || !json.path("ticks").isArray()) {
            throw ProblemException.invalid("evidence", "This is no exported evidence of a rollout.");
        }
        double prior = json.path("error_prior").doubleValue(0);
        return new Exported(
                PlanReader.read(json.path("plan")),
                prior,
                json.has("verdict") ? Optional.of(Crossing.fromJson(json.get("verdict"))) : Optional.empty(),
                json.get("ticks"));
    }

    private static ScoredTick tick(JsonNode json, String path) {
        try {
            return tick(json);
        } catch (ProblemException wrong) {
            String field =
                    path + wrong.problem().field().map(name -> "." + name).orElse("");
            throw ProblemException.invalid(field, field + ": " + wrong.problem().detail());
        }
    }

    private static ScoredTick tick(JsonNode json) {
        double split = json.path("split").doubleValue(-1);
        return ScoredTick.of(
                json.path("tick").longValue(0),
                json.path("revision").longValue(0),
                counts(split, json.path("errors")),
                json.has("latency") ? Optional.of(counts(split, json.get("latency"))) : Optional.empty());
    }

    private static Tick counts(double split, JsonNode json) {
        return Tick.of(
                split,
                json.path("n_canary").longValue(-1),
                json.path("x_canary").longValue(-1),
                json.path("n_active").longValue(-1),
                json.path("x_active").longValue(-1));
    }
}
