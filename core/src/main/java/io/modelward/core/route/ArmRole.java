package io.modelward.core.route;

import io.modelward.core.problem.ProblemException;
import java.util.Locale;

/** What an arm of a route is for. */
public enum ArmRole {
    /** Answers, and is what a rollback returns to. */
    ACTIVE,
    /** Answers its share of requests while it is on trial. */
    CANDIDATE,
    /** Gets copies of requests; its answers go to no caller. */
    SHADOW;

    /** The lower-case word on the wire and in files; for a candidate it is {@code canary}. */
    public String label() {
        return this == CANDIDATE ? "canary" : name().toLowerCase(Locale.ROOT);
    }

    static ArmRole parse(String label) {
        for (ArmRole role : values()) {
            if (role.label().equals(label)) {
                return role;
            }
        }
        throw ProblemException.invalid("role", "A role is active, canary or shadow.");
    }
}
