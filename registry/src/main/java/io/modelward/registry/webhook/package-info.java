/** Webhooks: who is told of what happens to models and versions, and how they come to know. */
@org.jspecify.annotations.NullMarked
package io.modelward.registry.webhook;
