package io.modelward.gateway.predict;

import io.modelward.core.route.Role;
import java.util.Optional;

/**
 * A request for predictions.
 *
 * @param body {@code {"instances": [row, …]}}
 * @param pinned the arm that must answer, whatever the route's weights; such a request is no evidence
 * @param counted whether it may be evidence in a rollout: not when it is a retry or a probe
 */
public record Request(String endpoint, byte[] body, Optional<Role> pinned, boolean counted) {

    /** An ordinary one. */
    public static Request of(String endpoint, byte[] body) {
        return new Request(endpoint, body, Optional.empty(), true);
    }
}
