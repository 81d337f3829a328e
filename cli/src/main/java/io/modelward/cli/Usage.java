package io.modelward.cli;

/** What the user wrote cannot be done; the message says what to write instead. */
final class Usage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Usage(String message) {
        super(message);
    }
}
