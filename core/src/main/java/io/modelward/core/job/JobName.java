package io.modelward.core.job;

import io.modelward.core.problem.ProblemException;
import java.util.Locale;

/** The name of a job, unique in a server: letters of lower case, digits, {@code . _ -}; at most 100. */
public record JobName(String value) {

    /**
     * Reads a name; letters of upper case are taken as those of lower case.
     *
     * @throws ProblemException of kind INVALID when the text is no name
     */
    public static JobName parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!lower.matches("[a-z0-9][a-z0-9._-]{0,99}")) {
            throw ProblemException.invalid(
                    "name", "A job's name has 1 to 100 letters, digits, dots, hyphens or underscores.");
        }
        return new JobName(lower);
    }

    @Override
    public String toString() {
        return value;
    }
}
