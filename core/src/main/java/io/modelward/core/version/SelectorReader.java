package io.modelward.core.version;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells the kinds of selector apart by their look; no text has two meanings. */
final class SelectorReader {

    static final String LATEST = "latest";
    static final String ORDINAL = "ordinal:";
    private static final int LONGEST = 512;
    private static final String DIGEST = "sha256:";
    private static final Pattern INTEGER = Pattern.compile("[0-9]+");
    private static final Pattern TWO_NUMBERS = Pattern.compile("[0-9]+\\.[0-9]+");
    private static final Pattern RANGE =
            Pattern.compile("[xX*]|[^A-Za-z]*[<>=~^*|].*|[0-9]+(\\.[0-9]+)?\\.[xX](\\..*)?|.*(\\s|\\|\\|).*");
    private static final Pattern LIKE_A_VERSION = Pattern.compile("[vV]?[0-9]+\\..*|.*\\+.*");

    private SelectorReader() {}

    static Selector read(String text) {
        try {
            return kind(text);
        } catch (ProblemException wrong) {
            throw wrong(wrong.problem().detail());
        }
    }

    private static Selector kind(String text) {
        if (text.isEmpty()) {
            throw wrong("A selector is needed, for example 1.4.2, ^1.4, latest or an alias.");
        }
        if (text.length() > LONGEST) {
            throw wrong("A selector has at most " + LONGEST + " characters.");
        }
        if (text.equals(LATEST)) {
            return new Selector.Latest();
        }
        if (text.startsWith(DIGEST)) {
            return new Selector.ByDigest(Digest.parse(text));
        }
        if (text.startsWith(ORDINAL)) {
            return new Selector.ByOrdinal(ordinal(text.substring(ORDINAL.length())));
        }
        refuseBareNumbers(text);
        Optional<SemVer> version = SemVer.tryParse(text);
        if (version.isPresent()) {
            return new Selector.Exact(version.get());
        }
        if (RANGE.matcher(text).matches()) {
            return new Selector.Range(VersionRange.parse(text));
        }
        if (LIKE_A_VERSION.matcher(text).matches()) {
            return new Selector.Exact(SemVer.parse(text));
        }
        return new Selector.Alias(AliasName.parse(text));
    }

    private static void refuseBareNumbers(String text) {
        if (INTEGER.matcher(text).matches()) {
            throw wrong("The number " + Quoted.plain(text) + " could mean two things: write ordinal:"
                    + Quoted.plain(text) + " for the place in the history, or ^" + Quoted.plain(text)
                    + " for the highest such version.");
        }
        if (TWO_NUMBERS.matcher(text).matches()) {
            throw wrong(Quoted.plain(text) + " is no whole version: write ~" + Quoted.plain(text) + " or ^"
                    + Quoted.plain(text) + " for a range, or add the patch number.");
        }
    }

    private static long ordinal(String digits) {
        if (!INTEGER.matcher(digits).matches() || digits.length() > 18 || digits.charAt(0) == '0') {
            throw wrong("An ordinal is a whole number from 1, as in ordinal:3.");
        }
        return Long.parseLong(digits);
    }

    static void checkOrdinal(long ordinal) {
        if (ordinal < 1) {
            throw wrong("An ordinal is a whole number from 1, as in ordinal:3.");
        }
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("selector", detail);
    }
}
