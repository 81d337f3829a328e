package io.modelward.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** A version that is loading, loaded or failed. */
public interface RunningModel extends AutoCloseable {

    /**
     * Completes when the version is loaded, tested and warm; fails with a {@link io.modelward.core.problem.ProblemException} that says
     * why it cannot be loaded.
     */
    CompletableFuture<ModelInfo> ready();

    /** What is known now. */
    ModelInfo info();

    /**
     * Computes. Fails with a {@link io.modelward.core.problem.ProblemException}: OVERLOADED when it would wait longer than the request
     * timeout, TIMEOUT, MODEL_FAILED, UNAVAILABLE. Never blocks.
     */
    CompletableFuture<Predictions> predict(Instances instances);

    /**
     * Computes, and tells of the memory of the answer, in bytes, as soon as a part of it is there: a large request is answered in parts, and whoever
     * holds them must know before all are there.
     *
     * @param taken may throw, and the request fails with what it threw
     */
    default CompletableFuture<Predictions> predict(Instances instances, LongConsumer taken) {
        return predict(instances).thenApply(predictions -> {
            taken.accept(predictions.bytes());
            return predictions;
        });
    }

    /** Ends it; requests in flight fail. */
    @Override
    void close();
}
