package io.modelward.access.token;

import io.modelward.access.identity.ProvenIdentity;
import io.modelward.core.access.Principal;
import java.time.Instant;

/** What a log-in leads to: a token for a program of the person, or a session of the person's browser. */
public interface LogIns {

    /**
     * A credential that was made a moment ago.
     *
     * @param id what it is listed and ended by
     * @param text the secret itself, which nothing keeps and no one is told again
     */
    record Made(String id, String text, Instant expires) {}

    /**
     * Makes a token with all that the person may do, good for 12 hours.
     *
     * @param address of the caller
     * @throws io.modelward.core.problem.ProblemException of kind UNAUTHENTICATED when the person was disabled
     */
    Made token(ProvenIdentity who, String address);

    /** Begins a session; its text goes into a cookie. As for {@link #token}. */
    Made session(ProvenIdentity who, String address);

    /** Ends what the caller proved itself by, a session or a token, for good and on every server. */
    void end(Principal caller, String address);
}
