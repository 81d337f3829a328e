package io.modelward.gateway.evidence;

import io.modelward.core.evidence.ArmId;

/**
 * The share of an endpoint's requests that a candidate gets.
 *
 * @param weight in basis points, 0 to 10000
 */
public record Share(ArmId candidate, int weight) {}
