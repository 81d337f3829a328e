package io.modelward.runtime.serving;

import io.modelward.runtime.Instances;
import java.util.List;

/**
 * An engine within the server that any number of threads may ask at once. A version in such an engine needs no thread
 * of its own: a small request is answered on the thread that brings it.
 */
public interface ConcurrentEngine extends Engine {

    /** About the nanoseconds that one row takes on one thread, as measured when the version was loaded. */
    long nanosPerRow();

    /** The bytes of memory that one row takes while it is computed. */
    long bytesPerRow();

    /** Whether the next request can be computed without reading anything from the disk first. */
    boolean isAtHand();

    /**
     * Computes one request.
     *
     * @param outputs the outputs to answer, by name; empty for those that the model answers by itself
     */
    Result answer(Instances rows, List<String> outputs);

    /** The engine for parts of this request: it sees their rows as it sees them in the whole. */
    default ConcurrentEngine forPartsOf(Instances whole) {
        return this;
    }
}
