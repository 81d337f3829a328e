package io.modelward.gateway.route;

import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.Actor;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A wish to move all traffic of an endpoint.
 *
 * @param cause flip or rollback; the first move of an endpoint creates it
 * @param model empty: the model that serves now
 * @param version empty: the version that served before
 * @param expectedRevision the revision that the caller believes is current
 * @param changeContract whether callers' contract may change with it
 */
public record Move(
        String cause,
        Optional<ModelName> model,
        Optional<Selector> version,
        OptionalLong expectedRevision,
        boolean changeContract,
        Actor actor,
        String reason) {}
