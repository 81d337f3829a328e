package io.modelward.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** One way of running models. Loading happens off the caller's thread. */
public interface ModelRuntime extends AutoCloseable {

    /**
     * Starts to load a version.
     *
     * @throws io.modelward.core.problem.ProblemException of kind REFUSED when this runtime cannot run such files
     */
    RunningModel start(ModelSource source);

    /** The state of the environment that this version's model runs in. Reads a few small files of the version. */
    EnvironmentInfo environment(ModelSource source);

    /**
     * The releases of the packages that load this version's model, by name, and that of Python as {@code python}, as
     * far as they are known beforehand. Never fails.
     */
    default Map<String, String> releases(ModelSource source) {
        return Map.of();
    }

    /**
     * Loads a version once, in a process of its own, to learn its input and output; for versions that do not describe
     * these themselves. Empty when they cannot be learnt within the limit. Never fails.
     */
    CompletableFuture<Optional<Inspection>> inspect(ModelSource source, Duration limit);

    /**
     * The name of the kind of runtime that computed a prediction, by the number in the decision record; empty when no
     * runtime of this release has the number.
     */
    default String nameOf(byte kind) {
        return "";
    }

    /** Makes environments that scripts run in; empty when this runtime has none. */
    default Optional<ScriptEnvironments> scripts() {
        return Optional.empty();
    }

    /** The status for an operator: isolation, environment. A JSON object. */
    JsonNode describe();

    /**
     * Ends every load that has not ended, so that nobody waits for it while the server stops. Called before
     * {@link #close}.
     */
    default void stopLoading() {}

    @Override
    void close();
}
