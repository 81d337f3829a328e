package io.modelward.core.rollout;

/** What is compared between candidate and active version, request by request. */
public enum Guardrail {
    /** Bad: failed, refused, invalid output, or no outcome within the evidence deadline. */
    ERRORS,
    /** Bad: an error, or slower than the threshold frozen from the active version. */
    LATENCY;

    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
