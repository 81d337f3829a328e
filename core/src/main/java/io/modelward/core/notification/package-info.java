/** Notifications: what people are told of without asking, whom, and how often. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.notification;
