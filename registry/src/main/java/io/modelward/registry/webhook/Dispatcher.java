package io.modelward.registry.webhook;

import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.core.webhook.Webhook;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the outbox holds. A round looks which deliveries are due and hands each to the executor; a webhook has one
 * delivery under way at a time. The outcome of a try is written after the try, so a process that died in between tries
 * again: a delivery arrives at least once, with the same id.
 */
public final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How many may be under way. */
    public static final int AT_ONCE = 8;

    /** How long the outcome of a delivery can be seen. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** Deliveries forgotten in one transaction: few, so that no other waits long. */
    private static final int FORGOTTEN_AT_ONCE = 500;

    /** How long a webhook rests when the outcome of a try could not be written. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final Catalog catalog;
    private final Posting posting;
    private final RetryRule rule;
    private final InstantSource clock;
    private final Executor executor;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Instant> resting = new ConcurrentHashMap<>();

    public Dispatcher(
            Catalog catalog,
            WebhookSender sender,
            SecretBox secrets,
            InstantSource clock,
            RandomGenerator random,
            Executor executor) {
        this.catalog = catalog;
        this.posting = new Posting(sender, secrets);
        this.rule = new RetryRule(random);
        this.clock = clock;
        this.executor = executor;
    }

    /** Starts what is due and fits; answers how many were started. */
    public int round() {
        int free = AT_ONCE - underWay.size();
        if (free <= 0) {
            return 0;
        }
        Instant now = clock.instant();
        resting.values().removeIf(until -> !until.isAfter(now));
        // Those under way and resting are among the answered and must not hide others.
        int looked = free + underWay.size() + resting.size();
        List<Delivery> due = catalog.read(tx -> tx.deliveries().due(now, looked));
        int started = 0;
        for (Delivery delivery : due) {
            if (started < free && !resting.containsKey(delivery.webhook()) && underWay.add(delivery.webhook())) {
                executor.execute(() -> attempt(delivery));
                started++;
            }
        }
        return started;
    }

    private void attempt(Delivery found) {
        try {
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
                Delivery after = rule.after(delivery, outcome, clock.instant());
                catalog.write(tx -> {
                    tx.deliveries().update(after);
                    return true;
                });
                if (after.state() == DeliveryState.GIVEN_UP) {
                    LOG.warn(
                            "gave up {} for webhook {} after {} tries: {}",
                            delivery.event().label(),
                            delivery.webhook(),
                            after.tries(),
                            after.error());
                }
            }
        } catch (RuntimeException failure) {
            resting.put(found.webhook(), clock.instant().plus(REST));
            LOG.warn("a delivery to webhook {} failed and is tried again", found.webhook(), failure);
        } finally {
            underWay.remove(found.webhook());
        }
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
    public void forget() {
        Instant before = clock.instant().minus(KEPT);
        int forgotten = FORGOTTEN_AT_ONCE;
        while (forgotten == FORGOTTEN_AT_ONCE) {
            forgotten = catalog.write(tx -> tx.deliveries().forget(before, FORGOTTEN_AT_ONCE));
        }
    }
}
