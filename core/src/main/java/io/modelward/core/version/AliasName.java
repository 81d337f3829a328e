package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.regex.Pattern;

/**
 * The name of a movable pointer to a version. It never looks like another kind of {@link Selector}, so a reference has
 * one meaning.
 */
public record AliasName(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");
    private static final Pattern LIKE_A_NUMBER = Pattern.compile("[0-9]+|[xX]|[vV]?[0-9]+(\\.([0-9]+|[xX]))+([-.].*)?");
    private static final Pattern LIKE_A_HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    public AliasName {
        if (!FORM.matcher(value).matches()) {
            throw wrong(
                    value.isEmpty()
                            ? "An alias is needed."
                            : Quoted.of(value)
                                    + " is no alias: use up to 255 letters, digits, . _ and -, starting with a"
                                    + " letter, a digit or _.");
        }
        if (value.equalsIgnoreCase("latest")) {
            throw wrong("latest always means the highest release; it cannot be set.");
        }
        if (value.startsWith("sha256") || value.startsWith("ordinal")) {
            throw wrong("An alias does not start with sha256 or ordinal, which begin other selectors.");
        }
        if (LIKE_A_NUMBER.matcher(value).matches() || LIKE_A_HASH.matcher(value).matches()) {
            throw wrong("The alias " + Quoted.of(value)
                    + " would look like a version, a range or a digest; choose a word.");
        }
    }

    public static AliasName parse(String text) {
        return new AliasName(text);
    }

    @Override
    public String toString() {
        return value;
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("alias", detail);
    }
}
