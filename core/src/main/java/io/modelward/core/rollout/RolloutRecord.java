package io.modelward.core.rollout;

import io.modelward.core.audit.Change;
import java.time.Instant;
import java.util.Optional;

/**
 * A rollout as it is kept.
 *
 * @param number 1, 2, 3 … per endpoint, in the order of their starts
 * @param version counts its changes from 1; compare-and-set compares it
 * @param attended whether a process drives it, or died while it did
 * @param request the text of the request that started it; an idempotency key stands for one request only
 * @param started who started it, when and why
 */
public record RolloutRecord(
        Rollout rollout,
        long number,
        long version,
        boolean attended,
        Optional<String> idempotencyKey,
        String request,
        Instant updatedAt,
        Change started) {

    /** The same with the names that its models have now. */
    public RolloutRecord with(Rollout named) {
        return new RolloutRecord(named, number, version, attended, idempotencyKey, request, updatedAt, started);
    }

    /** The same after a change that is kept, by the process that drives it. */
    public RolloutRecord changed(Rollout now, long newVersion, Instant at) {
        return new RolloutRecord(now, number, newVersion, true, idempotencyKey, request, at, started);
    }
}
