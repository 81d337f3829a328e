package io.modelward.core.time;

import io.modelward.core.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads moments as people and programs write them. */
public final class Moments {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    /** The form of RFC 3339; a space stands for the T, and for the plus sign that some clients do not encode. */
    private static final Pattern TIME = Pattern.compile(
            DATE.pattern() + "[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?(?:[Zz]|[+ -][0-9]{2}:[0-9]{2})");

    private Moments() {}

    /**
     * A moment.
     *
     * @param field what it is, for the message
     * @param text by RFC 3339, such as {@code 2026-01-31T12:00:00Z}, or a date, which means its first moment in UTC
     * @throws ProblemException of kind INVALID for any other text, and for times before 1970
     */
    public static Instant parse(String field, String text) {
        try {
            Instant moment;
            if (DATE.matcher(text).matches()) {
                moment = LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            } else if (TIME.matcher(text).matches()) {
                String date = text.substring(0, 10);
                String time = text.substring(11).toUpperCase(Locale.ROOT).replace(' ', '+');
                moment = OffsetDateTime.parse(date + "T" + time).toInstant();
            } else {
                throw malformed(field);
            }
            if (moment.isBefore(Instant.EPOCH)) {
                throw malformed(field);
            }
            return moment;
        } catch (DateTimeException noSuchTime) {
            throw malformed(field);
        }
    }

    private static ProblemException malformed(String field) {
        return ProblemException.invalid(
                field,
                field
                        + " is a time by RFC 3339 such as 2026-01-31T12:00:00Z, or a date such as 2026-01-31, after 1970.");
    }
}
