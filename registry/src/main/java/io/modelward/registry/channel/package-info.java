/** Channels of notifications: who is told of which notices, how often, and by what. */
@org.jspecify.annotations.NullMarked
package io.modelward.registry.channel;
