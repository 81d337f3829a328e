package io.modelward.core.version;

import static io.modelward.core.version.VersionRange.Operator.AT_LEAST;
import static io.modelward.core.version.VersionRange.Operator.AT_MOST;
import static io.modelward.core.version.VersionRange.Operator.EQUAL;
import static io.modelward.core.version.VersionRange.Operator.LESS;
import static io.modelward.core.version.VersionRange.Operator.MORE;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.VersionRange.Comparator;
import io.modelward.core.version.VersionRange.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the forms of a range into plain comparators, by the rules of node-semver's {@code classes/range.js}. */
final class RangeReader {

    private static final int LONGEST = 512;
    private static final Pattern HYPHEN = Pattern.compile("(\\S+) - (\\S+)");
    private static final Pattern GAP_AFTER_OPERATOR = Pattern.compile("(<=|>=|~>|[<>=~^]) +");
    private static final Pattern TERM = Pattern.compile("(<=|>=|~>|[<>=~^]|)([^<>=~^]+)");

    private RangeReader() {}

    static VersionRange read(String text) {
        if (text.length() > LONGEST) {
            throw wrong("A range has at most " + LONGEST + " characters.");
        }
        String shown = text.strip().replaceAll("\\s+", " ");
        List<List<Comparator>> alternatives = new ArrayList<>();
        for (String alternative : shown.split("\\|\\|", -1)) {
            alternatives.add(alternative(alternative.strip()));
        }
        try {
            return new VersionRange(shown, alternatives);
        } catch (ProblemException version) {
            throw wrong(version.problem().detail());
        }
    }

    private static List<Comparator> alternative(String text) {
        if (text.isEmpty()) {
            throw wrong("A range, and each side of its ||, needs a version; * means any.");
        }
        List<Comparator> into = new ArrayList<>();
        try {
            Matcher hyphen = HYPHEN.matcher(text);
            if (hyphen.matches()) {
                hyphen(Partial.read(hyphen.group(1)), Partial.read(hyphen.group(2)), into);
            } else {
                for (String term :
                        GAP_AFTER_OPERATOR.matcher(text).replaceAll("$1").split(" ", 0)) {
                    term(term, into);
                }
            }
        } catch (ProblemException wrong) {
            throw wrong(wrong.problem().detail());
        }
        return into;
    }

    private static void term(String text, List<Comparator> into) {
        Matcher term = TERM.matcher(text);
        if (!term.matches()) {
            throw wrong(Quoted.of(text) + " is no part of a range; write for example ^1.4, ~1.2.0 or >=1 <2.");
        }
        Partial version = Partial.read(term.group(2));
        switch (term.group(1)) {
            case "^" -> caret(version, into);
            case "~", "~>" -> between(version, Math.min(version.parts(), 2), into);
            case ">" -> more(version, into);
            case ">=" -> atLeast(version, into);
            case "<" -> less(version, into);
            case "<=" -> atMost(version, into);
            default -> same(version, into);
        }
    }

    private static void hyphen(Partial from, Partial to, List<Comparator> into) {
        atLeast(from, into);
        atMost(to, into);
    }

    /** What may change without breaking: everything right of the first number that is not zero. */
    private static void caret(Partial version, List<Comparator> into) {
        int kept = version.major() > 0 ? 1 : version.minor() > 0 ? 2 : 3;
        between(version, Math.min(version.parts(), kept), into);
    }

    private static void same(Partial version, List<Comparator> into) {
        if (version.parts() == 3) {
            add(EQUAL, version.low(), into);
        } else {
            between(version, version.parts(), into);
        }
    }

    private static void between(Partial version, int kept, List<Comparator> into) {
        if (kept > 0) {
            add(AT_LEAST, version.low(), into);
            add(LESS, version.after(kept), into);
        }
    }

    private static void more(Partial version, List<Comparator> into) {
        switch (version.parts()) {
            case 0 -> nothing(into);
            case 3 -> add(MORE, version.low(), into);
            default -> add(AT_LEAST, version.after(version.parts()).release(), into);
        }
    }

    private static void atLeast(Partial version, List<Comparator> into) {
        if (version.parts() > 0) {
            add(AT_LEAST, version.low(), into);
        }
    }

    private static void less(Partial version, List<Comparator> into) {
        switch (version.parts()) {
            case 0 -> nothing(into);
            case 3 -> add(LESS, version.low(), into);
            default -> add(LESS, Partial.lowest(version.major(), version.minor(), version.patch()), into);
        }
    }

    private static void atMost(Partial version, List<Comparator> into) {
        switch (version.parts()) {
            case 0 -> {}
            case 3 -> add(AT_MOST, version.low(), into);
            default -> add(LESS, version.after(version.parts()), into);
        }
    }

    private static void nothing(List<Comparator> into) {
        add(LESS, Partial.lowest(0, 0, 0), into);
    }

    private static void add(Operator operator, SemVer bound, List<Comparator> into) {
        into.add(new Comparator(operator, bound));
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("selector", detail);
    }
}
