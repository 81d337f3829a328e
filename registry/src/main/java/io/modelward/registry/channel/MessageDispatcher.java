package io.modelward.registry.channel;

import io.modelward.core.notification.MessageContent;
import io.modelward.core.notification.MessageText;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.notification.NotificationMessage;
import io.modelward.core.webhook.DeliveryState;
import io.modelward.registry.webhook.DispatchLanes;
import io.modelward.registry.webhook.DispatchThreads;
import io.modelward.registry.webhook.RetryRule;
import io.modelward.registry.webhook.WebhookSender;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
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
 * Routes notices and sends the messages that are due. What a message says is written and kept before its first try,
 * and the outcome of a try after the try: a process that died in between tries again, with the same id and the same
 * words. So a message arrives at least once, or is given up, and says why.
 */
public final class MessageDispatcher implements DispatchThreads.Work {

    private static final Logger LOG = LoggerFactory.getLogger(MessageDispatcher.class);

    /** Mail servers that make strangers wait let them in after minutes; so it tries for some hours. */
    static final RetryRule.Limits LIMITS = new RetryRule.Limits(9, Duration.ofHours(1));

    /** How long what became of a notice can be seen. */
    static final Duration KEPT = Duration.ofDays(30);

    private static final long MOST_KEPT = 50_000;
    private static final int FORGOTTEN_AT_ONCE = 200;

    private final Catalog catalog;
    private final NoticeRouter router;
    private final ChannelSender sender;
    private final RetryRule rule;
    private final InstantSource clock;
    private final String address;
    private final DeliveryCounts counts;
    private final DispatchLanes<NotificationMessage> lanes;

    /**
     * @param address of the server, as people reach it; empty when it is not known
     * @param counts takes how messages ended
     */
    public MessageDispatcher(
            Catalog catalog,
            WebhookSender webhooks,
            MailSender mails,
            SecretBox secrets,
            String address,
            InstantSource clock,
            RandomGenerator random,
            DeliveryCounts counts,
            Executor executor) {
        this.catalog = catalog;
        this.router = new NoticeRouter(catalog, clock);
        this.sender = new ChannelSender(webhooks, mails, secrets);
        this.rule = new RetryRule(LIMITS, random);
        this.clock = clock;
        this.address = address;
        this.counts = counts;
        this.lanes = new DispatchLanes<>(NotificationMessage::channel, clock, executor);
    }

    /** Sends first: notices that cannot be routed hold up no message. */
    @Override
    public int round() {
        Instant now = clock.instant();
        int started = lanes.start(
                limit -> catalog.read(tx -> tx.notificationMessages().due(now, limit)), this::attempt);
        return started + router.route();
    }

    private void attempt(NotificationMessage found) {
        Optional<NotificationChannel> asked =
                catalog.read(tx -> tx.notificationChannels().find(found.channel()));
        // Between looking and now the channel may have been removed, or the message have ended.
        Optional<NotificationMessage> written =
                asked.flatMap(channel -> catalog.write(tx -> written(tx, channel, found.number())));
        if (asked.isPresent() && written.isPresent()) {
            NotificationMessage message = written.get();
            Outcome outcome =
                    sender.send(asked.get(), message.id(), message.content(), message.createdAt(), clock.instant());
            Instant now = clock.instant();
            RetryRule.Next next = rule.after(message.tries(), outcome, now);
            NotificationMessage after = message.tried(next.state(), now, next.at(), next.status(), next.error());
            catalog.write(tx -> {
                tx.notificationMessages().update(after);
                return true;
            });
            counts.tried(after.state());
            if (after.state() == DeliveryState.GIVEN_UP) {
                LOG.warn(
                        "gave up a message to the notification channel {} after {}: {}",
                        asked.get().name(),
                        RetryRule.words(after.tries()),
                        after.error());
            }
        }
    }

    /** The message with what it says; from then on no notice joins it. */
    private Optional<NotificationMessage> written(CatalogTransaction tx, NotificationChannel channel, long number) {
        Optional<NotificationMessage> due = tx.notificationMessages().due(channel.id(), number, clock.instant());
        if (due.isEmpty() || !due.get().content().isEmpty()) {
            return due;
        }
        NotificationMessage message = due.get();
        MessageText text = MessageText.of(
                message,
                channel.name(),
                tx.notificationMessages().counts(message),
                tx.notificationMessages().newest(message, MessageText.NAMED),
                address);
        NotificationMessage written = message.withContent(
                MessageContent.write(channel.kind(), message.id(), channel.name(), text, clock.instant()));
        tx.notificationMessages().update(written);
        return Optional.of(written);
    }

    @Override
    public void forget() {
        Instant before = clock.instant().minus(KEPT);
        int forgotten = FORGOTTEN_AT_ONCE;
        while (forgotten == FORGOTTEN_AT_ONCE) {
            forgotten = catalog.write(tx -> tx.notificationMessages().forget(before, MOST_KEPT, FORGOTTEN_AT_ONCE));
        }
    }
}
