package io.modelward.gateway.rollout;

import io.modelward.core.rollout.LimitMonitor;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.rollout.RolloutRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rollout as people see it.
 *
 * @param kept as it is kept
 * @param rollout as it is now, ahead of what is kept by the last interval
 * @param readings how far the evidence of each limit has come
 * @param nonInferior whether non-inferiority is proven
 * @param candidateDeleted when the candidate was deleted; empty: it is there
 */
public record RolloutView(
        RolloutRecord kept,
        Rollout rollout,
        List<LimitMonitor.Reading> readings,
        boolean nonInferior,
        Optional<Instant> candidateDeleted) {}
