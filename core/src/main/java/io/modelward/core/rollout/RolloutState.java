package io.modelward.core.rollout;

/** Where a rollout is on its way. */
public enum RolloutState {
    /** Another rollout of the endpoint is at work. */
    QUEUED,
    /** The candidate is being loaded and warmed; it has no traffic yet. */
    LOADING,
    /** In a step below 100 %. */
    RUNNING,
    /** Stopped in its step, with the split it has, until something or somebody lets it go on. */
    HELD,
    /** At 100 % less the hold-back. */
    BAKING,
    /** The candidate is the active version. */
    PROMOTED,
    /** The candidate has no traffic any more; what it was asked before is being answered. */
    ABORTING,
    /** The endpoint is where it was before. */
    ROLLED_BACK,
    /** The candidate could not be loaded; it never had traffic. */
    LOAD_FAILED,
    /** Another rollout took its place. */
    SUPERSEDED,
    /** Called off before it had traffic. */
    CANCELLED;

    /** Whether it is over. */
    public boolean ended() {
        return switch (this) {
            case PROMOTED, ROLLED_BACK, LOAD_FAILED, SUPERSEDED, CANCELLED -> true;
            default -> false;
        };
    }

    /** Whether it occupies its endpoint: at most one rollout of an endpoint does. */
    public boolean atWork() {
        return this != QUEUED && !ended();
    }

    /** Whether the candidate may have traffic. */
    public boolean serving() {
        return this == RUNNING || this == HELD || this == BAKING;
    }
}
