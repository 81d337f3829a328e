package io.modelward.app;

import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.DispatchThreads;
import io.modelward.registry.webhook.Dispatcher;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.webhook.HttpWebhookSender;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLSocketFactory;

/** Webhooks and what sends to them, put together. */
record WebhookParts(WebhookService service, DispatchThreads threads, HttpWebhookSender sender)
        implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Starts sending. */
    static WebhookParts open(Catalog catalog, SecretBox secrets, InstantSource clock, Settings.Webhooks settings) {
        HttpWebhookSender sender = new HttpWebhookSender(
                new Destinations(InetAddress::getAllByName, settings.allowPrivate()),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                TIMEOUT);
        SecureRandom random = new SecureRandom();
        return new WebhookParts(
                new WebhookService(catalog, sender, secrets, clock, random),
                new DispatchThreads(executor -> new Dispatcher(catalog, sender, secrets, clock, random, executor)),
                sender);
    }

    @Override
    public void close() {
        threads.close();
        sender.close();
    }
}
