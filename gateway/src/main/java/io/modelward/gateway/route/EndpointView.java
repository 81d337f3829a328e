package io.modelward.gateway.route;

import io.modelward.core.route.Endpoint;
import io.modelward.runtime.ModelInfo;
import java.util.Optional;

/**
 * An endpoint as people see it.
 *
 * @param model the state of the active version; empty while it is not known yet
 * @param created whether this call made it
 */
public record EndpointView(Endpoint endpoint, RevisionView revision, Optional<ModelInfo> model, boolean created) {}
