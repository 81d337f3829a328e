package io.modelward.gateway.rollout;

import io.modelward.core.rollout.Judge;
import io.modelward.core.rollout.Rollout;
import io.modelward.store.catalog.Rollouts;
import java.util.List;

/**
 * A rollout as people see it.
 *
 * @param row as it is kept
 * @param rollout as it is now, ahead of what is kept by the last interval
 * @param readings how far the evidence of each limit has come
 * @param nonInferior whether non-inferiority is proven
 */
public record RolloutView(Rollouts.Row row, Rollout rollout, List<Judge.Reading> readings, boolean nonInferior) {}
