package io.modelward.store.catalog;

import io.modelward.core.webhook.Delivery;
import io.modelward.core.webhook.DeliveryStanding;
import io.modelward.core.webhook.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The deliveries that are to be sent to webhooks, each written in the transaction of the change that it tells of. The
 * oldest waiting delivery of a webhook is tried; the deliveries after it wait until it has ended.
 */
public interface Deliveries {

    /** Adds a delivery to be tried at once; when {@code most} wait already it is only counted as dropped. */
    void add(String webhook, Event event, String body, Instant at, long most);

    /**
     * Of each active webhook the oldest delivery that waits, if it is to be tried by now; longest due first, at most
     * {@code limit}.
     */
    List<Delivery> due(Instant now, int limit);

    /** The delivery, if it waits to be tried by now. */
    Optional<Delivery> due(String webhook, long sequence, Instant now);

    /** Keeps state, tries, times, status and error. */
    void update(Delivery delivery);

    /** Makes the waiting deliveries of a webhook due by {@code at}. */
    void hasten(String webhook, Instant at);

    DeliveryStanding standing(String webhook);

    /** Forgets deliveries that ended before a time, at most {@code limit}; answers how many. */
    int forget(Instant before, int limit);
}
