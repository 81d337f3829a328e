package io.modelward.core.notification;

import io.modelward.core.problem.ProblemException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of each day in which only urgent notices are sent. The times are those that the clocks of the zone show, so
 * the quiet hours of a night in which clocks change are an hour longer or shorter.
 *
 * @param from the first quiet minute
 * @param until the first minute that is not quiet any more; before {@code from} when it is of the next day
 */
public record QuietHours(LocalTime from, LocalTime until, ZoneId zone) {

    private static final Pattern FORM =
            Pattern.compile("((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])");

    /**
     * @param hours as {@code 22:00-07:00}
     * @param zone as {@code Europe/Berlin}
     * @throws ProblemException of kind INVALID naming {@code quiet} or {@code timezone}
     */
    public static QuietHours parse(String hours, String zone) {
        Matcher form = FORM.matcher(hours);
        if (!form.matches() || form.group(1).equals(form.group(2))) {
            throw ProblemException.invalid(
                    "quiet", "quiet has two different times of day with a hyphen between, such as 22:00-07:00.");
        }
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            throw ProblemException.invalid(
                    "timezone", "timezone is the name of a time zone, such as Europe/Berlin or UTC.");
        }
        return new QuietHours(LocalTime.parse(form.group(1)), LocalTime.parse(form.group(2)), ZoneId.of(zone));
    }

    /** As it is written: {@code 22:00-07:00}. */
    public String hours() {
        return from + "-" + until;
    }

    /** When the quiet hours end; empty when it is not quiet then. */
    public Optional<Instant> end(Instant at) {
        ZonedDateTime local = at.atZone(zone);
        LocalTime time = local.toLocalTime();
        boolean overnight = until.isBefore(from);
        boolean quiet =
                overnight ? !time.isBefore(from) || time.isBefore(until) : !time.isBefore(from) && time.isBefore(until);
        if (!quiet) {
            return Optional.empty();
        }
        boolean tomorrow = !time.isBefore(until);
        ZonedDateTime end = ZonedDateTime.of(local.toLocalDate().plusDays(tomorrow ? 1 : 0), until, zone)
                .withLaterOffsetAtOverlap();
        return Optional.of(end.toInstant());
    }
}
