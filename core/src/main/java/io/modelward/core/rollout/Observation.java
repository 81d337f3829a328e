package io.modelward.core.rollout;

import java.util.Optional;
import java.util.Set;

/**
 * What the automatic decision looks at, beside the rollout itself.
 *
 * @param harm the limit that rolls back and was crossed
 * @param divergence the limit that halts and was crossed, and that nobody acknowledged
 * @param nonInferior whether non-inferiority is proven
 * @param ready whether both versions are loaded and warm
 * @param lately what both versions did over the last seconds; empty when the active version had too few requests
 * @param inAll what both did since the rollout began
 */
public record Observation(
        Optional<Crossing> harm,
        Optional<Crossing> divergence,
        boolean nonInferior,
        boolean ready,
        Optional<FailureCounts> lately,
        FailureCounts inAll) {

    public static Observation of(
            LimitMonitor monitor, Set<Guardrail> acknowledged, boolean ready, Optional<FailureCounts> lately) {
        return new Observation(
                monitor.harm(),
                monitor.divergence(acknowledged),
                monitor.nonInferior(),
                ready,
                lately,
                monitor.errors());
    }
}
