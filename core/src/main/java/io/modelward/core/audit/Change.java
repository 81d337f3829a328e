package io.modelward.core.audit;

import java.time.Instant;

/**
 * Who changed something, when and why.
 *
 * @param at wall-clock time, microsecond precision
 * @param actor who; a claim unless {@code verified}
 * @param reason in the actor's words; empty when none was given
 * @param via by what the actor was verified; kept in the audit log only
 */
public record Change(Instant at, String actor, boolean verified, String reason, Via via) {

    public Change(Instant at, String actor, boolean verified, String reason) {
        this(at, actor, verified, reason, Via.NONE);
    }
}
