package io.modelward.core.version;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Locale;

/** How far a version moves from the one below it, smallest first. */
public enum Bump {
    PATCH,
    MINOR,
    MAJOR;

    public static Bump parse(String text) {
        for (Bump bump : values()) {
            if (bump.label().equals(text)) {
                return bump;
            }
        }
        throw ProblemException.invalid("bump", "A bump is patch, minor or major, not " + Quoted.of(text) + ".");
    }

    /** The lower-case word that users write. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The larger of the two. */
    public Bump or(Bump other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
