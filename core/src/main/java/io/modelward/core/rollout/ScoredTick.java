package io.modelward.core.rollout;

import io.modelward.core.evidence.Tick;
import java.util.Optional;

/**
 * The requests admitted within one interval under one route revision, with their outcomes.
 *
 * @param number 1, 2, 3 … per rollout; intervals without requests have none
 * @param latency empty while the threshold is not frozen yet
 */
public record ScoredTick(long number, long revision, Tick errors, Optional<Tick> latency) {}
