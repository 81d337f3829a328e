package io.modelward.core.job;

import java.util.Locale;

/** What happens when a job is due while a run of the job is at work. Two runs of one job never work at once. */
public enum Overlap {
    /** The new run is skipped, and said to be. */
    SKIP,
    /** The new run waits; at most ten wait. */
    QUEUE,
    /** The run at work is ended, and the new one takes its place. */
    REPLACE;

    /** The lower-case word that users write. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
