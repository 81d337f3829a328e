package io.modelward.jobs;

import io.modelward.core.settings.Configuration;
import java.time.Duration;
import java.util.Optional;

/**
 * How jobs are run on this server.
 *
 * @param parallel runs that work at once; 0: this server runs none
 * @param url where runs reach the server; empty: where the server listens
 * @param keepRuns for how long runs are kept that published nothing
 */
public record JobSettings(int parallel, Optional<String> url, Duration keepRuns) {

    private static final int MOST = 64;
    private static final Duration USUAL = Duration.ofDays(90);

    /** Reads {@code jobs.parallel}, {@code jobs.server-url} and {@code jobs.keep-runs}. */
    public static JobSettings read(Configuration configuration) {
        return new JobSettings(
                configuration.number("jobs.parallel", 2, 0, MOST),
                configuration.text("jobs.server-url"),
                configuration.duration("jobs.keep-runs", USUAL));
    }
}
