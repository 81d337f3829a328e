package io.modelward.runtime.python;

import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import java.util.concurrent.CompletableFuture;

/**
 * A request that waits or is being computed.
 *
 * @param deadline {@link System#nanoTime()} after which its caller has a TIMEOUT
 */
record Pending(Instances instances, long deadline, CompletableFuture<Predictions> answer) {

    boolean over() {
        return answer.isDone();
    }
}
