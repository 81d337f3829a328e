package io.modelward.core.job;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.time.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a job is due by itself. */
public sealed interface Schedule permits CronSchedule, Schedule.Every {

    /** The first time after this one; empty when there is none any more. */
    Optional<Instant> next(Instant after);

    /** As people write it. */
    String text();

    /** The zone that the text is meant in. */
    ZoneId zone();

    /** Each time so long after the time before; counted in real time, so that no change of clocks matters. */
    record Every(Duration step, String text, ZoneId zone) implements Schedule {
        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(after.plus(step));
        }
    }

    /**
     * Reads a schedule: the five fields of cron, a nickname such as {@code @daily}, or {@code every 6h}.
     *
     * @param zone an id such as {@code Europe/Berlin}; empty: UTC
     * @throws ProblemException of kind INVALID naming {@code schedule} or {@code timezone}
     */
    static Schedule parse(String text, String zone) {
        ZoneId in = zone(zone);
        if (!text.startsWith("every ")) {
            return CronSchedule.parse(text, in);
        }
        Duration step = Durations.parse(text.substring("every ".length()).strip(), "schedule");
        if (step.compareTo(Duration.ofSeconds(1)) < 0 || step.compareTo(Duration.ofDays(366)) > 0) {
            throw ProblemException.invalid(
                    "schedule", "A job is due every 1s at the most, and every 366d at the least.");
        }
        return new Every(step, text, in);
    }

    private static ZoneId zone(String text) {
        if (text.isEmpty()) {
            return ZoneId.of("UTC");
        }
        try {
            ZoneId zone = ZoneId.of(text);
            if (zone.getId().equals(text)) {
                return zone;
            }
        } catch (DateTimeException unknown) {
            // Told below.
        }
        throw ProblemException.invalid(
                "timezone",
                "There is no time zone " + Quoted.of(text)
                        + ". Write one of the names of the tz database, such as Europe/Berlin or UTC.");
    }
}
