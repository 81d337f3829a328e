package io.modelward.core.job;

/** How far a run of a job has come. */
public enum JobRunState {
    QUEUED(false),
    RUNNING(false),
    /** The command ended with exit code 0. */
    SUCCEEDED(true),
    /** The command, its environment or its start failed, or somebody stopped the run. */
    FAILED(true),
    TIMED_OUT(true),
    /** It was due and did not begin. */
    SKIPPED(true),
    /** The server that ran it ended without an outcome. */
    LOST(true);

    private final boolean ended;

    JobRunState(boolean ended) {
        this.ended = ended;
    }

    public boolean ended() {
        return ended;
    }

    /** Whether people are told of it as of a failure. */
    public boolean bad() {
        return this == FAILED || this == TIMED_OUT || this == LOST;
    }
}
