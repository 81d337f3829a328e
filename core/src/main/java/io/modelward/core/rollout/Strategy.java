package io.modelward.core.rollout;

/** How the traffic of a rollout moves. */
public enum Strategy {
    /** In steps, each after its evidence. */
    CANARY,
    /** All at once, then a bake time in which harm still takes it back. */
    BLUE_GREEN;

    public String label() {
        return this == CANARY ? "canary" : "blue-green";
    }
}
