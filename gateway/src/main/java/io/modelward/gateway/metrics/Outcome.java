package io.modelward.gateway.metrics;

import java.util.Locale;

/** How an admitted prediction ended, as far as its HTTP status tells. */
enum Outcome {
    OK,
    /** The caller's mistake; not evidence against a version. */
    CLIENT_ERROR,
    ERROR,
    OVERLOADED,
    /**
     * A candidate's traffic was taken away while it computed; the active version answered, and counts the request too.
     */
    REDIRECTED;

    private static final int TOO_MANY_REQUESTS = 429;

    private final String label = name().toLowerCase(Locale.ROOT);

    static Outcome of(int status) {
        if (status < 400) {
            return OK;
        }
        if (status == TOO_MANY_REQUESTS) {
            return OVERLOADED;
        }
        return status < 500 ? CLIENT_ERROR : ERROR;
    }

    /** The value of the label {@code outcome}. */
    String label() {
        return label;
    }
}
