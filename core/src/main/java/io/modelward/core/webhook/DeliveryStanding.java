package io.modelward.core.webhook;

import java.util.Optional;

/**
 * How the deliveries of a webhook stand.
 *
 * @param waiting how many are to be sent
 * @param dropped how many events were not taken in, since too many waited
 * @param last the delivery that was tried last
 */
public record DeliveryStanding(long waiting, long dropped, Optional<Delivery> last) {}
