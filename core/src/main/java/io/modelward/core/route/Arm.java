package io.modelward.core.route;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.HasVersionRef;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.VersionRef;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version that serves an endpoint.
 *
 * @param ref the version, under the name that its model had when the route was made
 * @param weight its share of requests in basis points, 0 to 10000
 */
public record Arm(VersionRef ref, int weight, ArmRole role) implements HasVersionRef {

    public Arm {
        if (weight < 0 || weight > Route.WHOLE) {
            throw ProblemException.invalid("weight", "A weight is 0 to " + Route.WHOLE + " basis points.");
        }
        if (role == ArmRole.SHADOW && weight != 0) {
            throw ProblemException.invalid("weight", "A shadow answers no requests, so its weight is 0.");
        }
    }

    /** Whether both are the same version of the same model. */
    public boolean serves(Arm other) {
        return ref.isSame(other.ref);
    }

    /** Whether it is this version of this model. */
    public boolean serves(VersionRef version) {
        return ref.isSame(version);
    }

    /** The same arm under the name that its model has now. */
    public Arm named(ModelName now) {
        return new Arm(ref.named(now), weight, role);
    }

    public ObjectNode toJson() {
        return ref.toJson().put("weight", weight).put("role", role.label());
    }

    public static Arm fromJson(JsonNode json) {
        return new Arm(
                VersionRef.fromJson(json),
                json.path("weight").intValue(-1),
                ArmRole.parse(json.path("role").stringValue("")));
    }
}
