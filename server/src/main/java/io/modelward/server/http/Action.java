package io.modelward.server.http;

/** What a route does. */
public sealed interface Action {

    /** Answers with JSON; may block, runs on a virtual thread. */
    @FunctionalInterface
    non-sealed interface Blocking extends Action {
        Reply handle(Exchange exchange) throws Exception;
    }

    /**
     * Takes over the exchange and ends it itself, from any thread; must not block. What it throws at once is answered as a problem.
     */
    @FunctionalInterface
    non-sealed interface Async extends Action {
        void handle(Exchange exchange) throws Exception;
    }
}
