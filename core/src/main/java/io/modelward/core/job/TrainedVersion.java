package io.modelward.core.job;

import java.util.List;
import java.util.OptionalLong;

/**
 * A version that a run published.
 *
 * @param version the version's id
 * @param parent the id of the release that it follows; empty for the first. Rules of retention do not keep the parent
 *     for that: each version that a schedule trains follows the one before, and none would ever go
 * @param held whether a gate did not hold, so that the version was kept as a pre-release
 * @param unchanged whether its files are those of the parent
 * @param gates what became of each demand
 */
public record TrainedVersion(
        long version, String run, OptionalLong parent, boolean held, boolean unchanged, List<MetricGate.Result> gates) {

    public TrainedVersion {
        gates = List.copyOf(gates);
    }
}
