package io.modelward.runtime.serving;

import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.ModelInfo;
import io.modelward.runtime.ModelSource;
import io.modelward.runtime.RuntimeKind;
import java.io.IOException;
import java.util.Optional;

/** Brings a version into an engine. */
public interface EngineLoader {

    /** An engine that is ready, with the facts about its model. */
    record Loaded(Engine engine, ModelInfo info) {}

    /** The version cannot be loaded, and trying again would not help. */
    final class Unloadable extends Exception {

        private final transient ProblemException problem;

        public Unloadable(ProblemException problem) {
            super(problem);
            this.problem = problem;
        }

        public ProblemException problem() {
            return problem;
        }
    }

    /** Hears how loading goes on. */
    interface Progress {

        /**
         * Loading waits for something that may take minutes.
         *
         * @param why in words
         * @param forCallers the problem for callers who ask meanwhile
         */
        void waits(String why, ProblemException forCallers);

        /** Loading does not wait any more. */
        void goesOn();

        /** There is an engine, which may be killed from now on. */
        void started(Engine engine);
    }

    /** The kind of engine that it loads versions into. */
    RuntimeKind kind();

    /**
     * Loads a version that needs no process and takes a moment only, because an earlier load left all that it needs.
     *
     * @return empty when there is no such thing: then {@link #load} it
     */
    default Optional<Loaded> loadAtOnce(ModelSource source, Progress progress) throws IOException {
        return Optional.empty();
    }

    /**
     * Loads, tests and warms up.
     *
     * @param restarts how often the version's engine was lost before
     * @throws IOException when the engine was lost while it loaded
     */
    Loaded load(ModelSource source, int restarts, Progress progress)
            throws IOException, Unloadable, InterruptedException;
}
