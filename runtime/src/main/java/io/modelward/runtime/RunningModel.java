package io.modelward.runtime;

import java.util.concurrent.CompletableFuture;

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

    /** Ends it; requests in flight fail. */
    @Override
    void close();
}
