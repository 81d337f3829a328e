package io.modelward.core.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An event on its way to a webhook.
 *
 * @param webhook the id of the webhook
 * @param sequence 1, 2, 3 … of each webhook
 * @param body what is posted, as JSON; empty when the delivery has ended
 * @param tries how often the delivery was tried
 * @param triedAt when the delivery was tried last
 * @param status of the last answer; 0: there was none
 * @param error what was wrong last; empty: nothing
 */
public record Delivery(
        String webhook,
        long sequence,
        Event event,
        String body,
        Instant createdAt,
        DeliveryState state,
        int tries,
        Instant nextTry,
        Optional<Instant> triedAt,
        int status,
        String error) {

    /** The id by which receivers know the delivery, the same at each try. */
    public String id() {
        return UUID.nameUUIDFromBytes((webhook + "." + sequence).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * The delivery after one more try.
     *
     * @param next when a delivery that still waits is tried again
     */
    public Delivery tried(DeliveryState after, Instant at, Instant next, int answer, String wrong) {
        return new Delivery(
                webhook, sequence, event, body, createdAt, after, tries + 1, next, Optional.of(at), answer, wrong);
    }
}
