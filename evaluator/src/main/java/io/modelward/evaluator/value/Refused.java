package io.modelward.evaluator.value;

/** A row for which the model itself raises. It has no stack trace: it is an answer, not a fault. */
public final class Refused extends Exception {

    private final String error;

    /**
     * @param error the kind of error that the model raises, such as {@code ValueError}
     * @param message in the words of the model's library, without the caller's data
     */
    public Refused(String error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public String error() {
        return error;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
