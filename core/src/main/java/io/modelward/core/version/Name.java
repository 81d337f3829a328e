package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.regex.Pattern;

/** The alphabet that namespaces and endpoints share, so that a name is safe in a path, a URL and a terminal. */
final class Name {

    private static final int LONGEST = 100;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private Name() {}

    static void check(String field, String value) {
        if (value.isEmpty()) {
            throw ProblemException.invalid(field, "A name is needed here.");
        }
        if (value.length() > LONGEST) {
            throw ProblemException.invalid(field, "A name has at most " + LONGEST + " characters.");
        }
        if (!FORM.matcher(value).matches()) {
            throw ProblemException.invalid(
                    field,
                    Quoted.of(value)
                            + " is no name: use letters, digits, . _ and -, starting with a letter or a digit.");
        }
        if (value.contains("..")) {
            throw ProblemException.invalid(field, "A name has no two dots in a row.");
        }
    }
}
