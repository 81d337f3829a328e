package io.modelward.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final List<String> SCHEDULES = List.of(
            "0 3 * * MON",
            "30 2 * * *",
            "0 2 * * SUN",
            "15 1,2,3 * * *",
            "*/15 * 25-31 3,10 *",
            "0 * 1-8 4,9,11 *",
            "0 */6 * * *",
            "59 23 31 * *",
            "0 0 1 1,4,7,10 *",
            "0 12 13 * FRI",
            "45 2-4 * 3,10,11 *",
            "30 0 29 2 *");
    /** Two hemispheres, half an hour of daylight saving, a change at midnight, and none. */
    private static final List<String> ZONES = List.of(
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC");

    private static final Instant FROM = Instant.parse("2028-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2029-01-01T00:00:00Z");

    @Test
    void the_times_of_a_year_are_those_that_are_found_by_looking_at_each_minute() {
        for (String schedule : SCHEDULES) {
            for (String zone : ZONES) {
                assertThat(times(schedule, zone)).as(schedule + " in " + zone).isEqualTo(found(schedule, zone));
            }
        }
    }

    private static List<Instant> times(String text, String zone) {
        Schedule schedule = Schedule.parse(text, zone);
        List<Instant> times = new ArrayList<>();
        Instant at = FROM.minusNanos(1);
        while (true) {
            at = schedule.next(at).orElseThrow();
            if (!at.isBefore(TO)) {
                return times;
            }
            times.add(at);
        }
    }

    /** Minute by minute, with a reading of the fields of its own. */
    private static List<Instant> found(String text, String zoneId) {
        ZoneId zone = ZoneId.of(zoneId);
        Fields fields = Fields.of(text);
        Set<Instant> times = new TreeSet<>();
        if (text.split(" ", -1)[1].startsWith("*")) {
            for (Instant at = FROM; at.isBefore(TO); at = at.plusSeconds(60)) {
                if (fields.match(LocalDateTime.ofInstant(at, zone))) {
                    times.add(at);
                }
            }
        } else {
            LocalDateTime end = LocalDateTime.ofInstant(TO, zone).plusDays(1);
            for (LocalDateTime local = LocalDateTime.ofInstant(FROM, zone).minusDays(1);
                    local.isBefore(end);
                    local = local.plusMinutes(1)) {
                if (fields.match(local)) {
                    ZoneOffsetTransition change = zone.getRules().getTransition(local);
                    Instant at = change != null && change.isGap()
                            ? change.getInstant()
                            : local.toInstant(
                                    zone.getRules().getValidOffsets(local).getFirst());
                    if (!at.isBefore(FROM) && at.isBefore(TO)) {
                        times.add(at);
                    }
                }
            }
        }
        return List.copyOf(times);
    }

    private record Fields(
            Set<Integer> minutes,
            Set<Integer> hours,
            Set<Integer> days,
            Set<Integer> months,
            Set<Integer> weekdays,
            boolean eitherDay) {

        static Fields of(String text) {
            String[] parts = text.replace("MON", "1")
                    .replace("FRI", "5")
                    .replace("SUN", "0")
                    .split(" ", -1);
            return new Fields(
                    numbers(parts[0], 0, 59),
                    numbers(parts[1], 0, 23),
                    numbers(parts[2], 1, 31),
                    numbers(parts[3], 1, 12),
                    numbers(parts[4], 0, 6),
                    !parts[2].startsWith("*") && !parts[4].startsWith("*"));
        }

        private static Set<Integer> numbers(String field, int least, int most) {
            Set<Integer> numbers = new TreeSet<>();
            for (String part : field.split(",", -1)) {
                String[] step = part.split("/", -1);
                String[] range = step[0].split("-", -1);
                int from = step[0].equals("*") ? least : Integer.parseInt(range[0]);
                int to = step[0].equals("*") ? most : Integer.parseInt(range[range.length - 1]);
                int by = step.length > 1 ? Integer.parseInt(step[1]) : 1;
                IntStream.iterate(from, number -> number <= to, number -> number + by)
                        .forEach(numbers::add);
            }
            return numbers;
        }

        boolean match(LocalDateTime at) {
            boolean day = days.contains(at.getDayOfMonth());
            boolean weekday = weekdays.contains(at.getDayOfWeek().getValue() % 7);
            return minutes.contains(at.getMinute())
                    && hours.contains(at.getHour())
                    && months.contains(at.getMonthValue())
                    && (eitherDay ? day || weekday : day && weekday);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // The night in which clocks go forward from 2:00 to 3:00, and the one in which they go back from 3:00 to 2:00.
        "'30 2 * * *', 2026-03-28T12:00:00Z, 2026-03-29T01:00:00Z",
        "'30 2 * * *', 2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "'30 2 * * *', 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
        "'30 2 * * *', 2026-10-25T01:10:00Z, 2026-10-26T01:30:00Z",
        "'*/30 * * * *', 2026-10-25T00:30:00Z, 2026-10-25T01:00:00Z",
        "'0 3 * * MON', 2026-11-29T12:00:00Z, 2026-11-30T02:00:00Z",
        "'@daily', 2026-11-29T12:00:00Z, 2026-11-29T23:00:00Z"
    })
    void known_answers_in_berlin(String schedule, String after, String next) {
        assertThat(Schedule.parse(schedule, "Europe/Berlin").next(Instant.parse(after)))
                .contains(Instant.parse(next));
    }

    @Test
    void an_interval_goes_by_real_time() {
        assertThat(Schedule.parse("every 6h", "").next(FROM)).contains(FROM.plusSeconds(6 * 3600));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 3 * *",
                "60 * * * *",
                "0 24 * * *",
                "0 0 30 2 *",
                "0 0 31 4,6 *",
                "* * * * * *",
                "every 0s",
                "every",
                "monthly",
                "0 0 0 * *",
                "a b c d e",
                "every 500d",
                "\u0000"
            })
    void a_schedule_that_never_comes_or_is_none_is_refused(String text) {
        assertThatThrownBy(() -> Schedule.parse(text, ""))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().field()).contains("schedule"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Atlantis", "europe/berlin", "+99:00", "CEST", " "})
    void a_zone_that_is_unknown_is_refused(String zone) {
        assertThatThrownBy(() -> Schedule.parse("@daily", zone))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().field()).contains("timezone"));
    }
}
