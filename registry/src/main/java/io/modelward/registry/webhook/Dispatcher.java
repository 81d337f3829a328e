package io.modelward.registry.webhook;

import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Webhook;
import io.modelward.registry.notification.Notices;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the outbox holds. A round looks which deliveries are due and hands each to the executor; a webhook has one
 * delivery under way at a time. The outcome of a try is written after the try, so a process that died in between tries
 * again: a delivery arrives at least once, with the same id.
 */
public final class Dispatcher implements DispatchThreads.Work {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How long the outcome of a delivery can be seen. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** Deliveries forgotten in one transaction: few, so that no other waits long. */
    private static final int FORGOTTEN_AT_ONCE = 500;

    private final Catalog catalog;
    private final Posting posting;
    private final RetryRule rule;
    private final InstantSource clock;
    private final DispatchLanes<Delivery> lanes;

    public Dispatcher(
            Catalog catalog,
            WebhookSender sender,
            SecretBox secrets,
            InstantSource clock,
            RandomGenerator random,
            Executor executor) {
        this.catalog = catalog;
        this.posting = new Posting(sender, secrets);
        this.rule = new RetryRule(RetryRule.WEBHOOKS, random);
        this.clock = clock;
        this.lanes = new DispatchLanes<>(Delivery::webhook, clock, executor);
    }

    /** Starts what is due and fits; answers how many were started. */
    @Override
    public int round() {
        Instant now = clock.instant();
        return lanes.start(limit -> catalog.read(tx -> tx.deliveries().due(now, limit)), this::attempt);
    }

    private void attempt(Delivery found) {
        record Asked(Webhook webhook, Delivery delivery) {}
        // Between looking and now the webhook may have been changed, or the delivery have ended.
        Optional<Asked> asked = catalog.read(tx -> tx.webhooks()
                .find(found.webhook())
                .filter(Webhook::active)
                .flatMap(webhook -> tx.deliveries()
                        .due(found.webhook(), found.sequence(), clock.instant())
                        .map(delivery -> new Asked(webhook, delivery))));
        if (asked.isPresent()) {
            Delivery delivery = asked.get().delivery();
            Outcome outcome = post(asked.get().webhook(), delivery);
            Instant now = clock.instant();
            RetryRule.Next next = rule.after(delivery.tries(), outcome, now);
            Delivery after = delivery.tried(next.state(), now, next.at(), next.status(), next.error());
            catalog.write(tx -> {
                tx.deliveries().update(after);
                if (after.state() == DeliveryState.GIVEN_UP) {
                    Notices.put(tx, givenUp(asked.get().webhook(), after, now));
                }
                return true;
            });
            if (after.state() == DeliveryState.GIVEN_UP) {
                LOG.warn(
                        "gave up {} for webhook {} after {}: {}",
                        delivery.event().label(),
                        delivery.webhook(),
                        RetryRule.words(after.tries()),
                        after.error());
            }
        }
    }

    private static Notice givenUp(Webhook webhook, Delivery delivery, Instant now) {
        return Notice.of(
                        NotificationEvent.WEBHOOK_GIVEN_UP,
                        "webhook:" + webhook.id(),
                        "The webhook " + webhook.name() + " does not reach its receiver",
                        "A delivery of " + delivery.event().label() + " was given up after "
                                + RetryRule.words(delivery.tries()) + ". " + delivery.error(),
                        now,
                        "/ui/webhooks")
                .fact("Receiver", webhook.url().place());
    }

    /** An unexpected failure ends a delivery too, after as many tries as any other failure. */
    private Outcome post(Webhook webhook, Delivery delivery) {
        try {
            return posting.post(webhook, delivery.id(), delivery.body(), clock.instant());
        } catch (RuntimeException failure) {
            LOG.warn("a delivery to webhook {} failed unexpectedly", delivery.webhook(), failure);
            return new Outcome.Failed("Something went wrong in the server; its log says what.", true);
        }
    }

    /** Forgets what ended long ago. */
    @Override
    public void forget() {
        Instant before = clock.instant().minus(KEPT);
        int forgotten = FORGOTTEN_AT_ONCE;
        while (forgotten == FORGOTTEN_AT_ONCE) {
            forgotten = catalog.write(tx -> tx.deliveries().forget(before, FORGOTTEN_AT_ONCE));
        }
    }
}
