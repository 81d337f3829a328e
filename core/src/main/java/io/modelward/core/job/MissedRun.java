package io.modelward.core.job;

import java.util.Locale;

/** What happens to runs that were due while no server ran. */
public enum MissedRun {
    /** They are left out; one row says so. */
    SKIP,
    /** One run makes up for all of them. */
    RUN;

    /** The lower-case word that users write. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
