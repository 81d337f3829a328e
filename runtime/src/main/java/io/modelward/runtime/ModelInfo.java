package io.modelward.runtime;

import java.util.List;
import java.util.Map;

/**
 * The state of a running model.
 *
 * @param why why it is not ready; empty when it is
 * @param kind the way in which the model runs
 * @param packages the releases of what loaded it: of Python and its packages, or of a library
 * @param warnings sentences for an operator, for example that the model was saved with another release of scikit-learn
 * @param batchable whether the answers do not depend on the rows that are computed together
 * @param restarts how often the process was started again
 * @param outputs the outputs that a call may ask for by name; empty when the model does not name its outputs
 * @param served who computes its answers
 */
public record ModelInfo(
        State state,
        String why,
        RuntimeKind kind,
        String modelClass,
        Map<String, String> packages,
        List<String> warnings,
        boolean batchable,
        int restarts,
        List<String> outputs,
        ServedBy served) {

    /** Where a model is on its way. */
    public enum State {
        LOADING,
        READY,
        RESTARTING,
        FAILED,
        CLOSED
    }

    public static ModelInfo loading(RuntimeKind kind, String why) {
        return new ModelInfo(
                State.LOADING, why, kind, "", Map.of(), List.of(), true, 0, List.of(), ServedBy.worker(""));
    }

    public ModelInfo in(State newState, String newWhy) {
        return new ModelInfo(
                newState, newWhy, kind, modelClass, packages, warnings, batchable, restarts, outputs, served);
    }

    /** The same, with another count of restarts. */
    public ModelInfo restarted(int times) {
        return new ModelInfo(state, why, kind, modelClass, packages, warnings, batchable, times, outputs, served);
    }

    /** The same, with who computes. */
    public ModelInfo served(RuntimeKind newKind, ServedBy newServed) {
        return new ModelInfo(
                state, why, newKind, modelClass, packages, warnings, batchable, restarts, outputs, newServed);
    }
}
