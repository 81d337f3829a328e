package io.modelward.registry.webhook;

import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;

/** Opens senders of one kind, which {@code webhooks.type} names. */
public interface WebhookSenderProvider extends Providers.Provider {

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** What was configured, ready to be opened. */
    interface Opening {
        WebhookSender open();
    }
}
