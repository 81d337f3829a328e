package io.modelward.core.route;

/**
 * Where a rollout was when it made a route revision.
 *
 * @param rollout its id
 * @param step index of its step, from 0
 */
public record RolloutStep(String rollout, int step) {}
