package io.modelward.core.webhook;

/** How far a delivery is. The names are kept in the catalog and shown. */
public enum DeliveryState {
    WAITING,
    DELIVERED,
    GIVEN_UP
}
