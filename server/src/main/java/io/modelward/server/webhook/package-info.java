/**
 * The other side of HTTP: posting to webhooks' receivers. When and what is posted is decided in
 * {@code registry.webhook}.
 */
@org.jspecify.annotations.NullMarked
package io.modelward.server.webhook;
