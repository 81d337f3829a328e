package io.modelward.core.notification;

import java.time.Instant;

/**
 * A notice for a channel, and what became of it: what became of the message that has it.
 *
 * @param number 1, 2, 3 … of each channel
 */
public record NotificationDelivery(
        long number, NotificationEvent event, String title, Instant at, NotificationMessage message) {}
