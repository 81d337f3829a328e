package io.modelward.runtime;

import java.time.Duration;

/**
 * How models are run, whatever runs them.
 *
 * @param requestTimeout after it a caller gets a TIMEOUT
 * @param hardTimeout a computation that takes longer is ended
 * @param loadTimeout after it a version that is not loaded has failed
 * @param limits the most that one worker may take
 * @param evaluate whether the server evaluates versions itself where it has proved that it answers alike
 * @param workers of one version, where workers compute
 * @param evaluators the memory of the versions that the server evaluates, in bytes
 */
public record RuntimeSettings(
        Duration requestTimeout,
        Duration hardTimeout,
        Duration loadTimeout,
        WorkerLimits limits,
        boolean evaluate,
        int workers,
        long evaluators) {

    /** Without evaluation in the server. */
    public RuntimeSettings(Duration requestTimeout, Duration hardTimeout, Duration loadTimeout, WorkerLimits limits) {
        this(requestTimeout, hardTimeout, loadTimeout, limits, false, 1, 0);
    }

    public static RuntimeSettings defaults() {
        return new RuntimeSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(120),
                WorkerLimits.defaults(),
                true,
                1,
                Runtime.getRuntime().maxMemory() / 4);
    }
}
