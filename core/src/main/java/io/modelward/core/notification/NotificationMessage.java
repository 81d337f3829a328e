package io.modelward.core.notification;

import io.modelward.core.webhook.DeliveryState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What is sent to a channel at once, with one or more notices.
 *
 * @param channel the id of the channel
 * @param number 1, 2, 3 … of each channel
 * @param due when it is sent at first; until then notices may join it, unless it is of the kind SINGLE
 * @param content what is sent; empty before the first try and after the end
 * @param deliveries how many notices are in it
 * @param leftOut how many more are only counted
 * @param status of the last answer over HTTP; 0: there was none
 * @param error what was wrong last; empty: nothing
 */
public record NotificationMessage(
        String channel,
        long number,
        MessageKind kind,
        Instant due,
        String content,
        long deliveries,
        long leftOut,
        Instant createdAt,
        DeliveryState state,
        int tries,
        Instant nextTry,
        Optional<Instant> triedAt,
        int status,
        String error) {

    /** The id by which receivers know the message, the same at each try. */
    public String id() {
        return UUID.nameUUIDFromBytes((channel + "." + number).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Whether notices may still join it. */
    public boolean open() {
        return kind != MessageKind.SINGLE && state == DeliveryState.WAITING && content.isEmpty() && tries == 0;
    }

    public NotificationMessage withContent(String written) {
        return new NotificationMessage(
                channel,
                number,
                kind,
                due,
                written,
                deliveries,
                leftOut,
                createdAt,
                state,
                tries,
                nextTry,
                triedAt,
                status,
                error);
    }

    /**
     * The message after one more try.
     *
     * @param next when a message that still waits is tried again
     */
    public NotificationMessage tried(DeliveryState after, Instant at, Instant next, int answer, String wrong) {
        return new NotificationMessage(
                channel,
                number,
                kind,
                due,
                after == DeliveryState.WAITING ? content : "",
                deliveries,
                leftOut,
                createdAt,
                after,
                tries + 1,
                next,
                Optional.of(at),
                answer,
                wrong);
    }
}
