package io.modelward.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations that were measured, in the units that options take: {@code 0.41ms}, {@code 3.2s}, {@code 4m 12s}. */
final class Spans {

    private static final double SECOND = 1000;
    private static final double MINUTE = 60_000;

    private Spans() {}

    static String ofMillis(double millis) {
        if (millis < SECOND) {
            return number(millis, millis < 1 ? 2 : millis < 100 ? 1 : 0) + "ms";
        }
        if (millis < MINUTE) {
            return number(millis / SECOND, 1) + "s";
        }
        Duration time = Duration.ofMillis(Math.round(millis));
        if (time.toDays() > 0) {
            return two(time.toDays(), "d", time.toHoursPart(), "h");
        }
        return time.toHours() > 0
                ? two(time.toHours(), "h", time.toMinutesPart(), "m")
                : two(time.toMinutes(), "m", time.toSecondsPart(), "s");
    }

    private static String two(long more, String unit, int rest, String smaller) {
        return more + unit + (rest == 0 ? "" : " " + rest + smaller);
    }

    private static String number(double value, int decimals) {
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return decimals == 0 ? text : text.replaceFirst("\\.?0+$", "");
    }
}
