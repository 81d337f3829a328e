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
 * @param evaluate whether the server may evaluate the version itself; all arms of a route have the same
 */
public record Arm(VersionRef ref, int weight, ArmRole role, boolean evaluate) implements HasVersionRef {

    public Arm {
        if (weight < 0 || weight > Route.WHOLE) {
            throw ProblemException.invalid("weight", "A weight is 0 to " + Route.WHOLE + " basis points.");
        }
        if (role == ArmRole.SHADOW && weight != 0) {
            throw ProblemException.invalid("weight", "A shadow answers no requests, so its weight is 0.");
        }
    }

    /** An arm that the server may evaluate itself. */
    public Arm(VersionRef ref, int weight, ArmRole role) {
        this(ref, weight, role, true);
    }

    /** The same arm, with whether the server may evaluate it. */
    public Arm evaluated(boolean may) {
        return new Arm(ref, weight, role, may);
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
        return new Arm(ref.named(now), weight, role, evaluate);
    }

    public ObjectNode toJson() {
        ObjectNode json = ref.toJson().put("weight", weight).put("role", role.label());
        return evaluate ? json : json.put("evaluate", false);
    }

    public static Arm fromJson(JsonNode json) {
        return new Arm(
                VersionRef.fromJson(json),
                json.path("weight").intValue(-1),
                ArmRole.parse(json.path("role").stringValue("")),
                json.path("evaluate").booleanValue(true));
    }
}
