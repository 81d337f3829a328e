package io.modelward.runtime.serving;

import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import java.io.IOException;
import java.util.List;

/**
 * Computes for one loaded version: a worker process, or a session within the server. One thread at a time calls
 * it, but for {@link #kill}, which any thread may call.
 */
public interface Engine extends AutoCloseable {

    /** The outcome of one request of a batch. */
    sealed interface Result {

        /** The rows of the request are answered. */
        record Answered(Predictions predictions) implements Result {}

        /**
         * The model raised.
         *
         * @param error the kind of error, such as {@code ValueError}
         */
        record Raised(String error, String message) implements Result {}

        /**
         * The model does not take the rows, which is the caller's mistake.
         *
         * @param why a sentence about rows
         */
        record Unfit(String why) implements Result {}
    }

    /** There is not the memory for the answers now. The engine goes on. */
    final class NoMemory extends IOException {

        public NoMemory() {
            super("other answers hold the memory for this one");
        }
    }

    boolean isAlive();

    /**
     * Computes requests of one layout together.
     *
     * @param outputs the outputs to answer, by name; empty for those that the model answers by itself
     * @return one result for each request, in order
     * @throws NoMemory when the answers find no memory
     * @throws IOException when the engine is lost, and no request has an answer
     */
    List<Result> compute(List<Instances> requests, List<String> outputs) throws IOException;

    /** Whether the model answers rows that are computed together as it answers them one by one. */
    boolean computesRowsAlike(Instances rows) throws IOException;

    /** All answers so far are handed over: their memory is counted as their callers'. */
    default void handedOver() {}

    /** Ends the present computation, and the engine with it. */
    void kill();

    /** How the engine ended, in words for an operator. */
    String lastWords(Exception died);

    /** The problem for callers whose request was computed when the engine was lost. */
    ProblemException lost(Exception died);

    /** Ends it and gives back what it had; once more changes nothing. */
    @Override
    void close();
}
