package io.modelward.core.rollout;

import io.modelward.core.json.Json;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.VersionRef;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One move of an endpoint from its active version to a candidate.
 *
 * @param active the version that was active at the start: what a rollback returns to
 * @param progress how far it has come
 */
public record Rollout(
        String id,
        String endpoint,
        VersionRef candidate,
        VersionRef active,
        RolloutPlan plan,
        RolloutProgress progress) {

    public RolloutState state() {
        return progress.state();
    }

    public Rollout with(RolloutProgress next) {
        return new Rollout(id, endpoint, candidate, active, plan, next);
    }

    /** The same rollout with the names that its models have now. */
    public Rollout named(ModelName candidateNow, ModelName activeNow) {
        return new Rollout(id, endpoint, candidate.named(candidateNow), active.named(activeNow), plan, progress);
    }

    /** The state of its step while it is not held. */
    public RolloutState stepState(int step) {
        return step == plan.lastStep() ? RolloutState.BAKING : RolloutState.RUNNING;
    }

    /** The arms that give the candidate its share, or without traffic for it, or with all of it. */
    public List<Arm> arms(Traffic traffic) {
        int weight = plan.weight(progress.step());
        return switch (traffic) {
            case SHARE ->
                List.of(
                        new Arm(active, io.modelward.core.route.Route.WHOLE - weight, ArmRole.ACTIVE),
                        new Arm(candidate, weight, ArmRole.CANDIDATE));
            case NONE -> List.of(new Arm(active, io.modelward.core.route.Route.WHOLE, ArmRole.ACTIVE));
            case ALL -> List.of(new Arm(candidate, io.modelward.core.route.Route.WHOLE, ArmRole.ACTIVE));
        };
    }

    /** What a transition does to the endpoint's route. */
    public enum Traffic {
        /** The candidate gets the share of its step. */
        SHARE,
        /** The active version gets all. */
        NONE,
        /** The candidate gets all and is the active version from then on. */
        ALL
    }

    /**
     * One change of a rollout.
     *
     * @param route what it does to the route; empty: nothing
     * @param action the audit entry's word: advance, hold, resume, promote, …
     */
    public record Transition(Rollout rollout, Optional<Traffic> route, String action) {}

    public String toJson() {
        var json = Json.object().put("id", id).put("endpoint", endpoint);
        json.set("candidate", candidate.toJson());
        json.set("active", active.toJson());
        json.set("plan", PlanJson.write(plan));
        json.set("progress", progress.toJson());
        return Json.write(json);
    }

    public static Rollout fromJson(String text) {
        JsonNode json = Json.parse(text, "rollout");
        return new Rollout(
                json.path("id").stringValue(""),
                json.path("endpoint").stringValue(""),
                VersionRef.fromJson(json.path("candidate")),
                VersionRef.fromJson(json.path("active")),
                PlanReader.read(json.path("plan")),
                RolloutProgress.fromJson(json.path("progress")));
    }
}
