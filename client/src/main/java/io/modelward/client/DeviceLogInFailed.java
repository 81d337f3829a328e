package io.modelward.client;

/** The identity provider let nobody in; the message says why and what to do. */
public final class DeviceLogInFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DeviceLogInFailed(String message) {
        super(message);
    }
}
