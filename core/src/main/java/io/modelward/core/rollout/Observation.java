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
 * @param activeErrorRate the active version's error rate over the last seconds, a fraction; empty when it had too few requests
 */
public record Observation(
        Optional<Crossing> harm,
        Optional<Crossing> divergence,
        boolean nonInferior,
        boolean ready,
        Optional<Double> activeErrorRate) {

    public static Observation of(
            Judge judge, Set<Guardrail> acknowledged, boolean ready, Optional<Double> activeErrorRate) {
        return new Observation(
                judge.harm(), judge.divergence(acknowledged), judge.nonInferior(), ready, activeErrorRate);
    }
}
