package io.modelward.runtime;

/**
 * The state of the environment that a version's model runs in.
 *
 * @param digest names the environment; versions with one digest share one. Empty when there is none, or when it is an
 *     operator's own
 * @param why the reason of a failure, or the present step
 */
public record EnvironmentInfo(String digest, State state, String why) {

    /** Where an environment is on its way. */
    public enum State {
        /** Nobody asked for it yet. */
        NONE,
        WAITING,
        BUILDING,
        READY,
        FAILED
    }

    public EnvironmentInfo in(State newState, String newWhy) {
        return new EnvironmentInfo(digest, newState, newWhy);
    }
}
