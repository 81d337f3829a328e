package io.modelward.registry;

import io.modelward.core.access.Principal;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.problem.ProblemException;
import java.time.Instant;

/**
 * Who acts.
 *
 * @param name a claim unless {@code verified}
 * @param via by what the actor was verified, and from where
 */
public record Actor(String name, boolean verified, Via via) {

    private static final int LONGEST_NAME = 200;
    public static final int LONGEST_REASON = 2000;

    /** The name of those who do not say who they are. */
    public static final String ANONYMOUS = Principal.ANONYMOUS.name();

    /** The server itself. */
    public static final Actor SERVER = of(Principal.SERVER);

    public Actor(String name, boolean verified) {
        this(name, verified, Via.NONE);
    }

    /**
     * Whoever asks, as the one who acts.
     *
     * @throws ProblemException of kind INVALID when the name that they claim is none
     */
    public static Actor of(Principal principal) {
        return principal.proven() ? new Actor(principal.name(), true, principal.via()) : claimed(principal.name());
    }

    /** Someone who says that this is their name. */
    public static Actor claimed(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid(
                    "Modelward-Actor", "An actor's name has 1 to " + LONGEST_NAME + " printable characters.");
        }
        return new Actor(name, false, Via.NONE);
    }

    /** A change that this actor makes now, for this reason. */
    public Change change(Instant now, String reason) {
        if (reason.length() > LONGEST_REASON) {
            throw ProblemException.invalid("reason", "A reason has at most " + LONGEST_REASON + " characters.");
        }
        if (reason.indexOf(0) >= 0) {
            throw ProblemException.invalid("reason", "A reason has no character U+0000. Leave it out.");
        }
        return new Change(now, name, verified, reason, via);
    }
}
