package io.modelward.core.problem;

/**
 * The process cannot start as it was told to. The message is for the operator: what is wrong and what to do; it may
 * name paths.
 */
public final class StartRefused extends RuntimeException {

    public StartRefused(String message) {
        super(message, null, false, false);
    }
}
