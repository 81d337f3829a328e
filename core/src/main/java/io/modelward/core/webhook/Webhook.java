package io.modelward.core.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who wants to be told of what happens.
 *
 * @param number of the webhook in the order in which webhooks were made
 * @param events what the webhook is told of
 * @param active whether events are sent to the webhook
 * @param secret what deliveries are signed with, sealed
 */
public record Webhook(
        String id,
        long number,
        String name,
        String description,
        WebhookUrl url,
        List<Event> events,
        boolean active,
        Optional<String> secret,
        Instant createdAt,
        Instant updatedAt) {

    public Webhook withNumber(long newNumber) {
        return new Webhook(id, newNumber, name, description, url, events, active, secret, createdAt, updatedAt);
    }
}
