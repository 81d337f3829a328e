package io.modelward.registry.channel;

import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.MessageContent;
import io.modelward.core.notification.NotificationChannel;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.Posting;
import io.modelward.registry.webhook.WebhookSender;
import io.modelward.registry.webhook.WebhookSender.Outcome;
import io.modelward.store.data.SecretBox;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what a message contains to its channel, once. */
final class ChannelSender {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelSender.class);

    private final WebhookSender webhooks;
    private final Posting posting;
    private final MailSender mails;
    private final SecretBox secrets;

    ChannelSender(WebhookSender webhooks, MailSender mails, SecretBox secrets) {
        this.webhooks = webhooks;
        this.posting = new Posting(webhooks, secrets);
        this.mails = mails;
        this.secrets = secrets;
    }

    /** An unexpected failure is an outcome too, so that the message ends after as many tries as by any other. */
    Outcome send(NotificationChannel channel, String id, String content, Instant written, Instant now) {
        try {
            return trySend(channel, id, content, written, now);
        } catch (RuntimeException failure) {
            LOG.warn("a message to the notification channel {} failed unexpectedly", channel.name(), failure);
            return new Outcome.Failed("Something went wrong in the server; its log says what.", true);
        }
    }

    private Outcome trySend(NotificationChannel channel, String id, String content, Instant written, Instant now) {
        return switch (channel.kind()) {
            case EMAIL ->
                mails.send(MailAddress.parse(channel.target(), "email"), id, written, MessageContent.mail(content));
            case WEBHOOK ->
                url(channel)
                        .map(url -> posting.post(url, channel.id(), channel.secret(), id, content, now))
                        .orElseGet(ChannelSender::unreadable);
            case SLACK ->
                url(channel)
                        .map(url -> webhooks.post(
                                url,
                                Map.of("Content-Type", "application/json"),
                                content.getBytes(StandardCharsets.UTF_8)))
                        .orElseGet(ChannelSender::unreadable);
        };
    }

    private Optional<WebhookUrl> url(NotificationChannel channel) {
        return secrets.open(channel.id(), channel.target()).map(WebhookUrl::parse);
    }

    private static Outcome unreadable() {
        return new Outcome.Failed("The URL of the channel cannot be read any more. Set it again.", false);
    }
}
