package io.modelward.core.route;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version that serves an endpoint.
 *
 * @param id the model's identity, which outlives its name
 * @param model the name that the model had when the route was made
 * @param weight its share of requests in basis points, 0 to 10000
 */
public record Arm(ModelId id, ModelName model, SemVer version, Digest digest, int weight, Role role) {

    public Arm {
        if (weight < 0 || weight > Route.WHOLE) {
            throw ProblemException.invalid("weight", "A weight is 0 to " + Route.WHOLE + " basis points.");
        }
        if (role == Role.SHADOW && weight != 0) {
            throw ProblemException.invalid("weight", "A shadow answers no requests, so its weight is 0.");
        }
    }

    /** Whether both are the same version of the same model. */
    public boolean serves(Arm other) {
        return id.equals(other.id)
                && version.equals(other.version)
                && digest.equals(other.digest)
                && (id.known() || model.equals(other.model));
    }

    /** The same arm under the name that its model has now. */
    public Arm named(ModelName now) {
        return new Arm(id, now, version, digest, weight, role);
    }

    public ObjectNode toJson() {
        return Json.object()
                .put("model_id", id.value())
                .put("model", model.toString())
                .put("version", version.toString())
                .put("digest", digest.toString())
                .put("weight", weight)
                .put("role", role.label());
    }

    public static Arm fromJson(JsonNode json) {
        return new Arm(
                new ModelId(json.path("model_id").asLong(0)),
                ModelName.parse(json.path("model").stringValue("")),
                SemVer.parse(json.path("version").stringValue("")),
                Digest.parse(json.path("digest").stringValue("")),
                json.path("weight").intValue(-1),
                Role.parse(json.path("role").stringValue("")));
    }
}
