package io.modelward.cli;

/** The command cannot be carried out as the user wrote it; the message says what to write instead. */
final class Usage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Usage(String message) {
        super(message);
    }
}
