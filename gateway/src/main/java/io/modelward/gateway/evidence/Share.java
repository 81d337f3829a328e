package io.modelward.gateway.evidence;

import io.modelward.core.evidence.ArmId;

/**
 * What a candidate gets of an endpoint's requests.
 *
 * @param weight in basis points, 0 to 10000
 */
public record Share(ArmId candidate, int weight) {}
