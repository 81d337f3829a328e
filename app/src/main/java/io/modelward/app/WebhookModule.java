package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.registry.webhook.DispatchThreads;
import io.modelward.registry.webhook.Dispatcher;
import io.modelward.registry.webhook.WebhookSender;
import io.modelward.registry.webhook.WebhookSenderProvider;
import io.modelward.registry.webhook.WebhookService;
import io.modelward.server.api.EventsDoor;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.webhook.HttpWebhookSenderProvider;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.data.SecretBox;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Webhooks and what sends to them. */
final class WebhookModule extends Module {

    private static final List<WebhookSenderProvider> SENDERS = List.of(new HttpWebhookSenderProvider());

    private final Access access;
    private final WebhookSenderProvider.Opening opening;
    private @Nullable WebhookService service;
    private @Nullable WebhookSender sender;

    WebhookModule(Access access, Configuration configuration) {
        this.access = access;
        this.opening =
                Providers.find(configuration, "webhooks.type", "http", SENDERS).read(configuration);
    }

    /** Starts sending. */
    WebhookService open(Catalog catalog, SecretBox secrets, InstantSource clock) {
        WebhookSender posting = own(opening.open());
        this.sender = posting;
        SecureRandom random = new SecureRandom();
        own(new DispatchThreads(
                "webhook", executor -> new Dispatcher(catalog, posting, secrets, clock, random, executor)));
        WebhookService made = new WebhookService(access, catalog, posting, secrets, clock, random);
        this.service = made;
        return made;
    }

    /** What posts to receivers. */
    WebhookSender sender() {
        return Objects.requireNonNull(sender);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        new EventsDoor(Objects.requireNonNull(service)).open(routes);
    }
}
