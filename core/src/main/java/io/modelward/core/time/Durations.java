package io.modelward.core.time;

import io.modelward.core.problem.ProblemException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 2.5s}, {@code 2m}, {@code 6h}, {@code 7d}. */
public final class Durations {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(ms|s|m|h|d)");

    private Durations() {}

    /** @throws ProblemException INVALID naming {@code field} when the text is no duration */
    public static Duration parse(String text, String field) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw ProblemException.invalid(field, field + " is a duration, such as 500ms, 10s or 2m.");
        }
        BigDecimal amount = new BigDecimal(matcher.group(1));
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        return Duration.ofMillis(amount.multiply(BigDecimal.valueOf(unit)).longValue());
    }

    /** The shortest exact form, in whole milliseconds. */
    public static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0 && seconds > 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
