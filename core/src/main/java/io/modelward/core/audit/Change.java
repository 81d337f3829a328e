package io.modelward.core.audit;

import java.time.Instant;

/**
 * Who changed something, when and why.
 *
 * @param at wall-clock time, microsecond precision
 * @param actor who; a claim unless {@code verified}
 * @param reason in the actor's words; empty when none was given
 */
public record Change(Instant at, String actor, boolean verified, String reason) {}
