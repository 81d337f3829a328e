package io.modelward.core.tracking;

/**
 * A logged model that a run read or made.
 *
 * @param model the id of the logged model
 */
public record ModelUse(Role role, String model, long step) {

    /** What the model was to the run. */
    public enum Role {
        INPUT,
        OUTPUT
    }
}
