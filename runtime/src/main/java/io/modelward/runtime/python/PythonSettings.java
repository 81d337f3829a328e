package io.modelward.runtime.python;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How Python's environments are made.
 *
 * @param buildTimeout after it an environment that is not built has failed
 * @param sourcePackages whether environments may hold packages without a wheel, whose code then runs while they are
 *     built
 * @param python the interpreter from which worker environments are made; found by itself when empty
 * @param environment an existing environment's interpreter to use as it is; none is built then
 */
public record PythonSettings(
        Duration buildTimeout, boolean sourcePackages, Optional<Path> python, Optional<Path> environment) {

    public static PythonSettings defaults() {
        return new PythonSettings(Duration.ofMinutes(15), false, Optional.empty(), Optional.empty());
    }
}
