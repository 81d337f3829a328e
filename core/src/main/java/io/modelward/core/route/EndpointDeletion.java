package io.modelward.core.route;

import io.modelward.core.audit.Change;

/**
 * That an endpoint was deleted. Its revisions are kept, since predictions refer to them.
 *
 * @param revision the last revision before the deletion; an endpoint that is created again goes on with the next
 */
public record EndpointDeletion(String endpoint, long revision, Change change) {}
