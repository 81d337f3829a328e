package io.modelward.server.http;

/** The work behind a route. */
public sealed interface RouteHandler {

    /** Answers with JSON; may block, runs on a virtual thread. */
    @FunctionalInterface
    non-sealed interface Blocking extends RouteHandler {
        Reply handle(Exchange exchange) throws Exception;
    }

    /**
     * Takes over the exchange and ends it itself, from any thread; must not block. What it throws at once is answered
     * as a problem.
     */
    @FunctionalInterface
    non-sealed interface Async extends RouteHandler {
        void handle(Exchange exchange) throws Exception;
    }

    /**
     * Sends server-sent events for as long as it runs, on a virtual thread. What it throws before the first event is
     * answered as a problem; after it, the stream is cut. An {@link java.io.IOException} of the stream is to be let
     * through.
     */
    @FunctionalInterface
    non-sealed interface Stream extends RouteHandler {
        void handle(Exchange exchange, EventStream events) throws Exception;
    }
}
