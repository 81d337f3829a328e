package io.modelward.registry.webhook;

import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Deliveries;
import io.modelward.store.catalog.Deliveries.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What follows from a try. Answers of 2xx end it well. No connection, 429 and 5xx may pass: they are tried again after about 2, 10, 50 and 250 seconds, or when the
 * receiver says. Anything else is for people to look at.
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

    Deliveries.Row after(Deliveries.Row row, Outcome outcome, Instant now) {
        int tries = row.tries() + 1;
        return switch (outcome) {
            case Outcome.Answered answered
            when answered.status() / 100 == 2 -> with(row, State.DELIVERED, tries, now, now, answered.status(), "");
            case Outcome.Answered answered -> {
                boolean again = tries < TRIES && (answered.status() == 429 || answered.status() / 100 == 5);
                Duration asked =
                        Duration.ofSeconds(Math.min(answered.retryAfter().orElse(0), LONGEST_ASKED_SECONDS));
                Duration pause = pause(tries);
                Instant next = now.plus(asked.compareTo(pause) > 0 ? asked : pause);
                yield with(
                        row,
                        again ? State.WAITING : State.GIVEN_UP,
                        tries,
                        next,
                        now,
                        answered.status(),
                        answered.words());
            }
            case Outcome.Failed failed -> {
                boolean again = tries < TRIES && failed.again();
                yield with(
                        row,
                        again ? State.WAITING : State.GIVEN_UP,
                        tries,
                        now.plus(pause(tries)),
                        now,
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

    private static Deliveries.Row with(
            Deliveries.Row row, State state, int tries, Instant next, Instant now, int status, String error) {
        return new Deliveries.Row(
                row.webhook(),
                row.sequence(),
                row.event(),
                row.body(),
                row.createdAt(),
                state,
                tries,
                next,
                Optional.of(now),
                status,
                error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
    }
}
