package io.modelward.registry.webhook;

import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Decides what follows a try. Answers of 2xx end it well. No connection, 429 and 5xx may pass: they are tried again
 * after about 2, 10, 50 and 250 seconds, or when the receiver says. Anything else is for people to look at.
 */
final class RetryRule {

    static final int TRIES = 5;

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final int FACTOR = 5;
    private static final long LONGEST_ASKED_SECONDS = 600;
    private static final int LONGEST_ERROR = 500;

    private final RandomGenerator random;

    RetryRule(RandomGenerator random) {
        this.random = random;
    }

    Delivery after(Delivery delivery, Outcome outcome, Instant now) {
        int tries = delivery.tries() + 1;
        return switch (outcome) {
            case Outcome.Answered answered
            when answered.status() / 100 == 2 ->
                with(delivery, DeliveryState.DELIVERED, now, now, answered.status(), "");
            case Outcome.Answered answered -> {
                boolean again = tries < TRIES && (answered.status() == 429 || answered.status() / 100 == 5);
                Duration asked =
                        Duration.ofSeconds(Math.min(answered.retryAfter().orElse(0), LONGEST_ASKED_SECONDS));
                Duration pause = pause(tries);
                Instant next = now.plus(asked.compareTo(pause) > 0 ? asked : pause);
                yield with(
                        delivery,
                        again ? DeliveryState.WAITING : DeliveryState.GIVEN_UP,
                        now,
                        next,
                        answered.status(),
                        answered.words());
            }
            case Outcome.Failed failed -> {
                boolean again = tries < TRIES && failed.again();
                yield with(
                        delivery,
                        again ? DeliveryState.WAITING : DeliveryState.GIVEN_UP,
                        now,
                        now.plus(pause(tries)),
                        0,
                        failed.why());
            }
        };
    }

    /** Spread by a quarter to either side, so that what failed together is not tried together. */
    private Duration pause(int tries) {
        long millis = FIRST.toMillis() * (long) Math.pow(FACTOR, tries - 1);
        return Duration.ofMillis((long) (millis * (0.75 + 0.5 * random.nextDouble())));
    }

    private static Delivery with(
            Delivery delivery, DeliveryState state, Instant now, Instant next, int status, String error) {
        return delivery.tried(state, now, next, status, error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
    }
}
