package io.modelward.cli;

/** The user wanted to wait no longer; the message says what goes on. */
final class TimedOut extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TimedOut(String message) {
        super(message);
    }
}
