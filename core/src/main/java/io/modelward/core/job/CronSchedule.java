package io.modelward.core.job;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Map;
import java.util.Optional;

/**
 * The five fields of cron: minute, hour, day of the month, month, day of the week. When both days are restricted, one
 * of them is enough, as cron has it.
 *
 * <p>Where clocks change, the rules of Debian's cron hold. A schedule that names hours fires once for each local time
 * that it names: a time that is skipped fires at the moment of the change, a time that occurs twice fires at its first
 * occurrence. A schedule whose hour is {@code *} or a step of it goes by real time: all that matter are the clocks of
 * the moment.
 */
public final class CronSchedule implements Schedule {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private static final int LONGEST = 200;
    /** The 29th of February on one day of the week comes at least each 40 years. */
    private static final int YEARS = 41;

    private static final int MOST_STEPS = 10_000;
    private static final Instant ANY = Instant.parse("2024-01-01T00:00:00Z");

    private final String text;
    private final ZoneId zone;
    private final boolean eachHour;
    private final ExecutionTime local;

    private CronSchedule(String text, ZoneId zone, boolean eachHour, ExecutionTime local) {
        this.text = text;
        this.zone = zone;
        this.eachHour = eachHour;
        this.local = local;
    }

    static CronSchedule parse(String text, ZoneId zone) {
        String fields = NICKNAMES.getOrDefault(text.strip(), text.strip());
        Cron cron;
        try {
            if (fields.length() > LONGEST) {
                throw new IllegalArgumentException("it is too long");
            }
            cron = PARSER.parse(fields);
        } catch (IllegalArgumentException malformed) {
            throw ProblemException.invalid(
                    "schedule",
                    Quoted.of(text)
                            + " is no schedule. Write five fields (minute, hour, day of the month, month, day of"
                            + " the week), such as \"0 3 * * MON\" for Mondays at 3; or @daily, @weekly; or every 6h.");
        }
        boolean eachHour = fields.split("\\s+", -1)[1].startsWith("*");
        CronSchedule schedule = new CronSchedule(text.strip(), zone, eachHour, ExecutionTime.forCron(cron));
        if (schedule.next(ANY).isEmpty()) {
            throw ProblemException.invalid(
                    "schedule", Quoted.of(text) + " never comes: no year has such a day. Write a day that exists.");
        }
        return schedule;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public ZoneId zone() {
        return zone;
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return eachHour ? byRealTime(after) : byLocalTime(after);
    }

    private Optional<Instant> byRealTime(Instant after) {
        ZoneRules rules = zone.getRules();
        Instant from = after;
        for (int change = 0; change < MOST_STEPS; change++) {
            ZoneOffset offset = rules.getOffset(from);
            Optional<LocalDateTime> next = nextLocal(LocalDateTime.ofInstant(from, offset));
            ZoneOffsetTransition transition = rules.nextTransition(from);
            if (next.isEmpty() || transition == null) {
                return next.map(time -> time.toInstant(offset));
            }
            Instant found = next.get().toInstant(offset);
            Instant moved = transition.getInstant();
            if (found.isBefore(moved)) {
                return Optional.of(found);
            }
            LocalDateTime then = LocalDateTime.ofInstant(moved, transition.getOffsetAfter());
            if (nextLocal(then.minusNanos(1)).equals(Optional.of(then))) {
                return Optional.of(moved);
            }
            from = moved;
        }
        return Optional.empty();
    }

    private Optional<Instant> byLocalTime(Instant after) {
        Optional<LocalDateTime> time = nextLocal(LocalDateTime.ofInstant(after, zone));
        // In the second hour of a change back, times of that hour have fired already.
        for (int step = 0; step < MOST_STEPS && time.isPresent(); step++) {
            Instant at = instant(time.get());
            if (at.isAfter(after)) {
                return Optional.of(at);
            }
            time = nextLocal(time.get());
        }
        return Optional.empty();
    }

    private Instant instant(LocalDateTime time) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(time);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                // The earlier of two, where there are two.
                : time.toInstant(zone.getRules().getOffset(time));
    }

    /** The next local time that the fields name, as if no clock ever changed. */
    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        ZonedDateTime from = after.atZone(ZoneOffset.UTC);
        return local.nextExecution(from)
                .filter(next -> next.isBefore(from.plus(YEARS, ChronoUnit.YEARS)))
                .map(ZonedDateTime::toLocalDateTime);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronSchedule same && same.text.equals(text) && same.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return text.hashCode() * 31 + zone.hashCode();
    }

    @Override
    public String toString() {
        return text + " (" + zone + ")";
    }
}
