package io.modelward.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How models are run.
 *
 * @param requestTimeout after it a caller gets a TIMEOUT
 * @param hardTimeout after it a worker that still computes is killed
 * @param loadTimeout after it a version that is not loaded has failed
 * @param buildTimeout after it an environment that is not built has failed
 * @param sourcePackages whether environments may hold packages without a wheel, whose code then runs while they are built
 * @param python the interpreter from which worker environments are made; found by itself when empty
 * @param limits the most that one worker may take
 * @param environment an existing environment's interpreter to use as it is; none is built then
 */
public record RuntimeSettings(
        Duration requestTimeout,
        Duration hardTimeout,
        Duration loadTimeout,
        Duration buildTimeout,
        boolean sourcePackages,
        Optional<Path> python,
        Optional<Path> environment,
        WorkerLimits limits) {

    public static RuntimeSettings defaults() {
        return new RuntimeSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(120),
                Duration.ofMinutes(15),
                false,
                Optional.empty(),
                Optional.empty(),
                WorkerLimits.defaults());
    }
}
