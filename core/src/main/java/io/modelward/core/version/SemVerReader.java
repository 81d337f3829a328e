package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.List;

/** Reads the grammar of Semantic Versioning 2.0.0 and says in words where a text leaves it. */
final class SemVerReader {

    private SemVerReader() {}

    static SemVer read(String text) {
        if (text.isEmpty()) {
            throw wrong("A version is needed, for example 1.4.2.");
        }
        if (text.length() > SemVer.LONGEST) {
            throw tooLong();
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
            throw wrong("A version has no spaces and only ASCII characters.");
        }
        if ((text.charAt(0) == 'v' || text.charAt(0) == 'V') && text.length() > 1 && isDigit(text.charAt(1))) {
            throw wrong("A version has no v in front: write " + Quoted.of(text.substring(1)) + ".");
        }
        int plus = text.indexOf('+');
        String build = plus < 0 ? "" : text.substring(plus + 1);
        String rest = plus < 0 ? text : text.substring(0, plus);
        if (plus >= 0 && build.isEmpty()) {
            throw wrong("Nothing follows the + in " + Quoted.of(text) + ".");
        }
        int dash = rest.indexOf('-');
        String core = dash < 0 ? rest : rest.substring(0, dash);
        List<String> preRelease =
                dash < 0 ? List.of() : List.of(rest.substring(dash + 1).split("\\.", -1));
        String[] numbers = core.split("\\.", -1);
        if (numbers.length != 3) {
            throw wrong("A version has three numbers, major.minor.patch, as in 1.4.2; " + Quoted.of(core) + " has "
                    + numbers.length + ".");
        }
        return new SemVer(
                number("major", numbers[0]),
                number("minor", numbers[1]),
                number("patch", numbers[2]),
                preRelease,
                build);
    }

    /** What the grammar asks of the parts; also of those that no text was read for. */
    static void check(long major, long minor, long patch, List<String> preRelease, String build) {
        if (major < 0 || minor < 0 || patch < 0) {
            throw wrong("The numbers of a version are not negative.");
        }
        int length = (major + "." + minor + "." + patch + "+" + build).length() - (build.isEmpty() ? 1 : 0);
        for (String identifier : preRelease) {
            checkIdentifier("pre-release", identifier);
            if (identifier.length() > 1 && identifier.charAt(0) == '0' && SemVerOrder.isNumeric(identifier)) {
                throw wrong("The pre-release number " + Quoted.of(identifier) + " has a leading zero.");
            }
            length += identifier.length() + 1;
        }
        if (!build.isEmpty()) {
            for (String identifier : build.split("\\.", -1)) {
                checkIdentifier("build", identifier);
            }
        }
        if (length > SemVer.LONGEST) {
            throw tooLong();
        }
    }

    private static void checkIdentifier(String part, String identifier) {
        if (identifier.isEmpty()) {
            throw wrong("The " + part + " part of a version has an empty identifier.");
        }
        if (!identifier.chars().allMatch(SemVerReader::isIdentifierCharacter)) {
            throw wrong("The " + part + " part " + Quoted.of(identifier)
                    + " has a character other than letters, digits and -.");
        }
    }

    private static long number(String name, String digits) {
        if (digits.isEmpty() || !SemVerOrder.isNumeric(digits)) {
            throw wrong("The " + name + " number is "
                    + (digits.isEmpty() ? "missing." : Quoted.of(digits) + ", which is no number."));
        }
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            throw wrong("The " + name + " number " + Quoted.of(digits) + " has a leading zero.");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            throw wrong("The " + name + " number is larger than " + Long.MAX_VALUE + ".");
        }
    }

    private static boolean isIdentifierCharacter(int c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static ProblemException tooLong() {
        return wrong("A version has at most " + SemVer.LONGEST + " characters.");
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("version", detail);
    }
}
