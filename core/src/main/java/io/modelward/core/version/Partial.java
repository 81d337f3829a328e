package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version whose last parts may be absent or {@code x}: {@code 1}, {@code 1.2}, {@code 1.x}, {@code *}.
 *
 * @param parts how many of major, minor and patch are numbers: 0 to 3
 */
record Partial(int parts, long major, long minor, long patch, List<String> preRelease) {

    private static final String PART = "(0|[1-9][0-9]*|[xX*])";
    private static final Pattern FORM = Pattern.compile(
            PART + "(?:\\." + PART + "(?:\\." + PART + "(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?)?)?");

    static Partial read(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw wrong(Quoted.of(text) + " is no version or part of one, such as 1, 1.4, 1.x or 1.4.2.");
        }
        int parts = 0;
        long[] numbers = new long[3];
        while (parts < 3 && isNumber(form.group(parts + 1))) {
            numbers[parts] = number(form.group(parts + 1));
            parts++;
        }
        String preRelease = form.group(4);
        List<String> identifiers = preRelease == null || parts < 3 ? List.of() : List.of(preRelease.split("\\.", -1));
        return new Partial(parts, numbers[0], numbers[1], numbers[2], identifiers);
    }

    /** The lowest version that it stands for. */
    SemVer low() {
        return new SemVer(major, minor, patch, preRelease, "");
    }

    /** The bound just below the first version after those that share the first {@code kept} numbers. */
    SemVer after(int kept) {
        return switch (kept) {
            case 1 -> lowest(up(major), 0, 0);
            case 2 -> lowest(major, up(minor), 0);
            default -> lowest(major, minor, up(patch));
        };
    }

    static SemVer lowest(long major, long minor, long patch) {
        return new SemVer(major, minor, patch, List.of("0"), "");
    }

    private static long up(long number) {
        if (number == Long.MAX_VALUE) {
            throw wrong("A number in the range is too large.");
        }
        return number + 1;
    }

    private static boolean isNumber(String part) {
        return part != null && Character.isDigit(part.charAt(0));
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw wrong("A number in the range is too large.");
        }
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("selector", detail);
    }
}
