package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import java.time.Duration;
import java.util.Optional;

/**
 * How latency is compared: the {@code quantile} of the active version's latency before the rollout, times
 * {@code 1 + tolerance}, is the threshold; a request beyond it is bad. It is at least {@code slack} above the quantile:
 * for a model that answers within a millisecond, twice that is what a busy machine does by itself.
 *
 * @param quantile 0.5, 0.95 or 0.99
 * @param tolerance a fraction, at least 0
 * @param slack least distance of the threshold from the quantile
 * @param halt the limit that holds the rollout
 * @param rollback a limit that rolls it back; none unless asked for: slow but right is for people to judge
 */
public record LatencyGuard(double quantile, double tolerance, Duration slack, Limit halt, Optional<Limit> rollback) {

    /** The threshold for what was measured, both in microseconds. */
    public long threshold(long quantileMicros) {
        return Math.max(Math.round(quantileMicros * (1 + tolerance)), quantileMicros + slack.toNanos() / 1000);
    }
}
