package io.modelward.runtime.serving;

import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * A request that waits for its model or is being computed.
 *
 * @param outputs the outputs that the caller asked for by name; empty for those that the model answers by itself
 * @param deadline {@link System#nanoTime()} after which its caller has a TIMEOUT
 * @param taken is told of the bytes of the answer before the answer is handed over; may refuse them by throwing
 */
record QueuedRequest(
        Instances instances,
        List<String> outputs,
        long deadline,
        LongConsumer taken,
        CompletableFuture<Predictions> answer) {

    boolean over() {
        return answer.isDone();
    }

    /** Whether both can be computed in one batch. */
    boolean joins(QueuedRequest other) {
        return outputs.equals(other.outputs) && instances.joins(other.instances);
    }
}
