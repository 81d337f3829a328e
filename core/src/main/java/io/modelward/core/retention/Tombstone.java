package io.modelward.core.retention;

import io.modelward.core.audit.Change;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of a version that a rule deleted, beside the version itself, whose card, manifest and number stay for
 * ever.
 *
 * @param version the id of the version among all versions of the server
 * @param scope of the rule
 * @param deleted who deleted it, when and why
 * @param undeleteUntil until then its bytes stay
 * @param purgedAt when the version let go of its bytes; empty: they are there
 */
public record Tombstone(
        long version,
        RetentionScope scope,
        RetentionRule rule,
        Change deleted,
        Instant undeleteUntil,
        Optional<Instant> purgedAt) {}
