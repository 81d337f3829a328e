package io.modelward.runtime;

import java.time.Duration;

/**
 * How models are run, whatever runs them.
 *
 * @param requestTimeout after it a caller gets a TIMEOUT
 * @param hardTimeout a computation that takes longer is ended
 * @param loadTimeout after it a version that is not loaded has failed
 * @param limits the most that one worker may take
 */
public record RuntimeSettings(
        Duration requestTimeout, Duration hardTimeout, Duration loadTimeout, WorkerLimits limits) {

    public static RuntimeSettings defaults() {
        return new RuntimeSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(120), WorkerLimits.defaults());
    }
}
