/** The outbox of notifications: what services put notices into. Who is told of a notice is decided later. */
@org.jspecify.annotations.NullMarked
package io.modelward.registry.notification;
