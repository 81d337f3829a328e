package io.modelward.server.webhook;

import io.modelward.core.settings.Configuration;
import io.modelward.registry.webhook.Destinations;
import io.modelward.registry.webhook.WebhookSenderProvider;
import java.net.InetAddress;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;

/** Posts over HTTP; {@code webhooks.allow-private} lets webhooks go to addresses of this machine and its network. */
public final class HttpWebhookSenderProvider implements WebhookSenderProvider {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Opening read(Configuration configuration) {
        boolean allowPrivate = configuration.flag("webhooks.allow-private");
        return () -> new HttpWebhookSender(
                new Destinations(InetAddress::getAllByName, allowPrivate),
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                TIMEOUT);
    }
}
