package io.modelward.registry.channel;

import io.modelward.core.webhook.DeliveryState;
import java.util.concurrent.atomic.LongAdder;

/** How many messages to channels ended, since the start of the server. */
public final class DeliveryCounts {

    private final LongAdder delivered = new LongAdder();
    private final LongAdder givenUp = new LongAdder();

    void tried(DeliveryState now) {
        switch (now) {
            case DELIVERED -> delivered.increment();
            case GIVEN_UP -> givenUp.increment();
            default -> {
                // It is tried again.
            }
        }
    }

    public long delivered() {
        return delivered.sum();
    }

    public long givenUp() {
        return givenUp.sum();
    }
}
