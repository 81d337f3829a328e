package io.modelward.runtime;

import java.util.List;
import java.util.Map;

/**
 * The state of a running model.
 *
 * @param why why it is not ready; empty when it is
 * @param packages versions of Python and of the packages the worker loaded
 * @param warnings what an operator should know, for example that it was saved with another release of scikit-learn
 * @param batchable whether the answers do not depend on what is computed together
 * @param restarts how often the process was started again
 */
public record ModelInfo(
        State state,
        String why,
        String modelClass,
        Map<String, String> packages,
        List<String> warnings,
        boolean batchable,
        int restarts) {

    /** Where a model is on its way. */
    public enum State {
        LOADING,
        READY,
        RESTARTING,
        FAILED,
        CLOSED
    }

    public static ModelInfo loading(String why) {
        return new ModelInfo(State.LOADING, why, "", Map.of(), List.of(), true, 0);
    }

    public ModelInfo in(State newState, String newWhy) {
        return new ModelInfo(newState, newWhy, modelClass, packages, warnings, batchable, restarts);
    }
}
