package io.modelward.core.job;

import java.util.Locale;

/** What made a run. */
public enum JobTrigger {
    SCHEDULE,
    /** Somebody asked for it. */
    MANUAL,
    /** A signed call from another system. */
    HOOK,
    /** A version is made once more; beside the job's own runs, which neither wait for it nor are waited for. */
    REPRODUCE;

    /** The lower-case word that users read. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
