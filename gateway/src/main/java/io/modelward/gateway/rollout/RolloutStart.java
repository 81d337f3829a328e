package io.modelward.gateway.rollout;

import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Actor;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A wish to roll a version out.
 *
 * @param model empty: the model that serves now
 * @param supersede whether a rollout that is at work gives way; else this one waits for its end
 * @param idempotencyKey the same key and request start one rollout only
 * @param request the request's text, to know a repeated one
 */
public record RolloutStart(
        EndpointName endpoint,
        Optional<ModelName> model,
        Selector candidate,
        RolloutPlan plan,
        boolean supersede,
        OptionalLong expectedRevision,
        Optional<String> idempotencyKey,
        String request,
        Actor actor,
        String reason) {}
