package io.modelward.runtime;

import tools.jackson.databind.JsonNode;

/** One way of running models. Loading happens off the caller's thread. */
public interface ModelRuntime extends AutoCloseable {

    /**
     * Starts to load a version.
     *
     * @throws io.modelward.core.problem.ProblemException of kind REFUSED when this runtime cannot run such files
     */
    RunningModel start(ModelSource source);

    /** What an operator wants to know: isolation, environment. A JSON object. */
    JsonNode describe();

    @Override
    void close();
}
