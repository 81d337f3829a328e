package io.modelward.gateway.evidence;

/** How a request ended, to be told once. */
@FunctionalInterface
public interface OutcomeListener {

    /** For a request that is no evidence. */
    OutcomeListener IGNORED = (ok, nanos) -> {};

    /**
     * @param ok whether the caller got a valid answer
     * @param nanos from admission to the answer
     */
    void tell(boolean ok, long nanos);
}
