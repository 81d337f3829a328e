package io.modelward.core.rollout;

import io.modelward.core.evidence.Limit;
import java.util.Optional;

/**
 * How latency is compared: the {@code quantile} of the active version's latency before the rollout, times {@code 1 + tolerance}, is the
 * threshold; a request beyond it is bad.
 *
 * @param quantile 0.5, 0.95 or 0.99
 * @param tolerance a fraction, at least 0
 * @param halt the limit that holds the rollout
 * @param rollback a limit that rolls it back; none unless asked for: slow but right is for people to judge
 */
public record LatencyGuard(double quantile, double tolerance, Limit halt, Optional<Limit> rollback) {}
