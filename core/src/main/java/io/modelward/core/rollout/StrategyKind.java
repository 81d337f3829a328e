package io.modelward.core.rollout;

/** The word of a plan for the way in which the traffic moves. */
public enum StrategyKind {
    /** In steps, each after its evidence. */
    CANARY,
    /** All at once, then a bake time in which harm still takes it back. */
    BLUE_GREEN;

    public String label() {
        return this == CANARY ? "canary" : "blue-green";
    }
}
