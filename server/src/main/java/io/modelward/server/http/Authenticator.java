package io.modelward.server.http;

import io.modelward.core.access.Principal;
import org.eclipse.jetty.server.Request;

/** Finds out who sends a request. It is asked where the request arrives, once, and does not wait. */
@FunctionalInterface
public interface Authenticator {

    /**
     * @throws io.modelward.core.problem.ProblemException when the request is refused; it is told in the form of the
     *     address
     */
    Principal authenticate(Request request);
}
