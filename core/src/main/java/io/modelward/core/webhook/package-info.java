/** Webhooks: who is told of changes, of what, and how far each delivery is. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.webhook;
