package io.modelward.core.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries of the audit log are asked for.
 *
 * @param subject the model ({@code namespace/name}), version ({@code namespace/name@version}) or endpoint
 *     ({@code endpoint:name}); empty: all
 * @param actor who acted, exactly; empty: all
 * @param action an action such as {@code endpoint.flip}, or the part before its point, such as {@code endpoint}; empty:
 *     all
 * @param since the earliest time
 * @param until the time before which the entries were made
 */
public record AuditQuery(
        String subject, String actor, String action, Optional<Instant> since, Optional<Instant> until) {

    /** All entries about a subject, or all that there are when the subject is empty. */
    public static AuditQuery about(String subject) {
        return new AuditQuery(subject, "", "", Optional.empty(), Optional.empty());
    }
}
