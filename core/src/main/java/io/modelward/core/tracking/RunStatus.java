package io.modelward.core.tracking;

/** How far a run is. The names are kept in the catalog and are MLflow's. */
public enum RunStatus {
    RUNNING,
    SCHEDULED,
    FINISHED,
    FAILED,
    KILLED;

    /** Whether a run of this status has an end. */
    public boolean ended() {
        return this == FINISHED || this == FAILED || this == KILLED;
    }
}
