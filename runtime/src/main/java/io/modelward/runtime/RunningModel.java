package io.modelward.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** A version that is loading, loaded or failed. */
public interface RunningModel extends AutoCloseable {

    /**
     * Completes when the version is loaded, tested and warm; fails with a
     * {@link io.modelward.core.problem.ProblemException} that says why it cannot be loaded.
     */
    CompletableFuture<ModelInfo> ready();

    /** The state now. */
    ModelInfo info();

    /**
     * Computes. Fails with a {@link io.modelward.core.problem.ProblemException}: OVERLOADED when it would wait longer
     * than the request timeout, TIMEOUT, MODEL_FAILED, UNAVAILABLE. Never blocks.
     *
     * @param outputs the outputs to answer, by name, of those that {@link ModelInfo#outputs} names; empty for those
     *     that the model answers by itself
     * @param taken is told of the memory of the answer, in bytes, as soon as a part of the answer is there: a large
     *     request is answered in parts, and whoever holds the parts must know before all are there. May throw, and the
     *     request fails with what it threw
     */
    CompletableFuture<Predictions> predict(Instances instances, List<String> outputs, LongConsumer taken);

    /** As the other, with the outputs that the model answers by itself and without a count of their memory. */
    default CompletableFuture<Predictions> predict(Instances instances) {
        return predict(instances, List.of(), bytes -> {});
    }

    /** Ends it; requests in flight fail. */
    @Override
    void close();
}
