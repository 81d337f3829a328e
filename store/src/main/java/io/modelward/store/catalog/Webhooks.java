package io.modelward.store.catalog;

import io.modelward.core.webhook.Event;
import io.modelward.core.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/** Webhooks: the receivers of events. */
public interface Webhooks {

    /** The number that the next webhook gets. */
    long nextNumber();

    void insert(Webhook webhook);

    /** Keeps all but identity, number and time of making. */
    void update(Webhook webhook);

    /** Forgets the webhook and its deliveries. */
    void delete(String id);

    Optional<Webhook> find(String id);

    long count();

    /** Webhooks with a number below {@code before}, newest first, at most {@code limit}. */
    List<Webhook> list(long before, int limit);

    /** The ids of the active ones that want an event, oldest first. */
    List<String> wanting(Event event);
}
