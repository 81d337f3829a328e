package io.modelward.registry.webhook;

import io.modelward.core.webhook.DeliveryState;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Decides what follows a try. Answers of 2xx end it well. No connection, 429 and 5xx may pass: they are tried again
 * after about 2, 10, 50 and 250 seconds and so on, or when the receiver says. Anything else is for people to look at.
 */
public final class RetryRule {

    /**
     * How patient the rule is.
     *
     * @param tries after which it gives up
     * @param longest pause between two tries
     */
    public record Limits(int tries, Duration longest) {}

    /** Webhooks are given up within five minutes or so: the deliveries after one wait for it. */
    public static final Limits WEBHOOKS = new Limits(5, Duration.ofSeconds(250));

    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final int FACTOR = 5;
    private static final long LONGEST_ASKED_SECONDS = 600;
    private static final int LONGEST_ERROR = 500;

    private final Limits limits;
    private final RandomGenerator random;

    public RetryRule(Limits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /**
     * What a delivery is after a try.
     *
     * @param at when one that waits is tried again
     * @param status of the answer; 0: there was none
     * @param error what was wrong; empty: nothing
     */
    public record Next(DeliveryState state, Instant at, int status, String error) {}

    /** So many tries, in words. */
    public static String words(int tries) {
        return tries == 1 ? "1 try" : tries + " tries";
    }

    /** @param before how often it was tried before this try */
    public Next after(int before, Outcome outcome, Instant now) {
        int tries = before + 1;
        return switch (outcome) {
            case Outcome.Answered answered
            when answered.status() / 100 == 2 -> new Next(DeliveryState.DELIVERED, now, answered.status(), "");
            case Outcome.Answered answered -> {
                boolean again = tries < limits.tries() && (answered.status() == 429 || answered.status() / 100 == 5);
                Duration asked =
                        Duration.ofSeconds(Math.min(answered.retryAfter().orElse(0), LONGEST_ASKED_SECONDS));
                Duration pause = pause(tries);
                Instant next = now.plus(asked.compareTo(pause) > 0 ? asked : pause);
                yield next(again, next, answered.status(), answered.words());
            }
            case Outcome.Failed failed ->
                next(tries < limits.tries() && failed.again(), now.plus(pause(tries)), 0, failed.why());
        };
    }

    /** Spread by a quarter to either side, so that what failed together is not tried together. */
    private Duration pause(int tries) {
        double millis = Math.min((double) FIRST.toMillis() * Math.pow(FACTOR, tries - 1), (double)
                limits.longest().toMillis());
        return Duration.ofMillis((long) (millis * (0.75 + 0.5 * random.nextDouble())));
    }

    private static Next next(boolean again, Instant at, int status, String error) {
        return new Next(
                again ? DeliveryState.WAITING : DeliveryState.GIVEN_UP,
                at,
                status,
                error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
    }
}
