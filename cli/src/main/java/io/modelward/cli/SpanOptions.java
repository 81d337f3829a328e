package io.modelward.cli;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.time.Durations;
import io.modelward.core.time.Moments;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The span of time that a list is about. */
final class SpanOptions {

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "from this time on: 2026-01-31T12:00:00Z, 2026-01-31, or 2d for two days ago"
                    + " (default: from the beginning)")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before this time, written likewise (default: now)")
    private @Nullable String until;

    Optional<Instant> since() {
        return Optional.ofNullable(since).map(text -> moment("--since", text, Instant.now()));
    }

    Optional<Instant> until() {
        return Optional.ofNullable(until).map(text -> moment("--until", text, Instant.now()));
    }

    static Instant moment(String option, String text, Instant now) {
        try {
            return now.minus(Durations.parse(text, option));
        } catch (ProblemException noDuration) {
            if (text.matches("[0-9]{4}-.*")) {
                return Moments.parse(option, text);
            }
            throw new Usage(option + " is a time such as 2026-01-31T12:00:00Z, a date such as 2026-01-31, or how long"
                    + " ago, such as 90s, 1h or 2d.");
        }
    }
}
