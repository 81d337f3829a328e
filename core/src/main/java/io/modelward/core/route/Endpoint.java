package io.modelward.core.route;

import java.time.Instant;

/**
 * A name that predictions are sent to.
 *
 * @param number a small positive number, never reused, that stands for the endpoint in decision records
 * @param revision the current route revision
 */
public record Endpoint(String endpoint, int number, long revision, Instant createdAt) {}
