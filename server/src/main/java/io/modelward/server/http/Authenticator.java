package io.modelward.server.http;

import io.modelward.core.access.Principal;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Finds out who sends a request. It is asked where the request arrives, before its body is read. */
@FunctionalInterface
public interface Authenticator {

    /**
     * Who sends it, without waiting.
     *
     * @return null when that takes waiting: then {@link #waiting} is asked, on a thread that may wait
     * @throws io.modelward.core.problem.ProblemException when the request is refused; it is told in the form of the
     *     address
     */
    @Nullable
    Principal authenticate(Request request);

    /** As {@link #authenticate}, and may wait. */
    default Principal waiting(Request request) {
        Principal known = authenticate(request);
        if (known == null) {
            throw new IllegalStateException("nobody said who sends the request");
        }
        return known;
    }
}
