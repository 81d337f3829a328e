package io.modelward.gateway.predict;

import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.route.Role;
import java.util.Optional;

/**
 * A request for predictions.
 *
 * @param body {@code {"instances": [row, …]}}
 * @param pinned the arm that must answer, whatever the route's weights; such a request is no evidence
 * @param counted whether it may be evidence in a rollout: not when it is a retry or a probe
 * @param memory where the memory for the rows comes from; the one who asks closes it
 * @param answer where the memory for the answer comes from; the one who asks closes it
 */
public record Request(
        String endpoint, byte[] body, Optional<Role> pinned, boolean counted, Reservation memory, Reservation answer) {

    private static final MemoryShare ENOUGH = MemoryShare.unlimited();

    /** An ordinary one, without a limit on memory. */
    public static Request of(String endpoint, byte[] body) {
        return of(endpoint, body, Optional.empty(), true);
    }

    /** One without a limit on memory. */
    public static Request of(String endpoint, byte[] body, Optional<Role> pinned, boolean counted) {
        return new Request(endpoint, body, pinned, counted, ENOUGH.open("a request"), ENOUGH.open("an answer"));
    }
}
