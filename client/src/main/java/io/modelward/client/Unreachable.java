package io.modelward.client;

/** No Modelward server answered: none is there, the connection broke off, or something else answered in its place. */
public final class Unreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Unreachable(String message) {
        super(message);
    }

    public Unreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
