package io.modelward.core.route;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Signature;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * One revision of what serves an endpoint; it never changes.
 *
 * @param arms one active, any number of candidates whose weights with the active one's make the whole, any number of
 *     shadows
 * @param contract the signature that callers of the endpoint rely on
 */
public record Route(String endpoint, long revision, List<Arm> arms, Signature contract) {

    /** All requests, in basis points. */
    public static final int WHOLE = 10_000;

    public Route {
        arms = List.copyOf(arms);
        if (arms.stream().filter(arm -> arm.role() == ArmRole.ACTIVE).count() != 1) {
            throw ProblemException.invalid("arms", "A route has exactly one active arm.");
        }
        if (arms.stream().mapToLong(Arm::weight).sum() != WHOLE) {
            throw ProblemException.invalid("arms", "The weights of a route's arms sum to " + WHOLE + " basis points.");
        }
    }

    public Arm active() {
        return arms.stream()
                .filter(arm -> arm.role() == ArmRole.ACTIVE)
                .findFirst()
                .orElseThrow();
    }

    /**
     * The arm that answers the request which drew this number, 0 to 9999. Candidates have the lowest numbers, so a
     * caller who always draws the same one and meets a candidate goes on meeting it while its weight grows.
     */
    public Arm choose(int basisPoint) {
        if (basisPoint < 0 || basisPoint >= WHOLE) {
            throw new IllegalArgumentException("a basis point is 0 to 9999, not " + basisPoint);
        }
        int end = 0;
        for (Arm arm : arms) {
            if (arm.role() == ArmRole.CANDIDATE) {
                end += arm.weight();
                if (basisPoint < end) {
                    return arm;
                }
            }
        }
        return active();
    }

    public ArrayNode armsJson() {
        ArrayNode json = Json.array();
        arms.forEach(arm -> json.add(arm.toJson()));
        return json;
    }

    public static List<Arm> arms(JsonNode json) {
        return json.valueStream().map(Arm::fromJson).toList();
    }
}
