package io.modelward.core.access;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;

/**
 * Decides who may do what. It is asked on the threads of requests, also of predictions: it answers from memory and does
 * not wait.
 */
@FunctionalInterface
public interface Authorizer {

    /** Everyone may do everything, whoever they are. */
    Authorizer EVERYONE = new Authorizer() {
        @Override
        public boolean allows(Principal principal, Action action, Resource resource) {
            return true;
        }

        @Override
        public boolean allowsEveryone() {
            return true;
        }
    };

    boolean allows(Principal principal, Action action, Resource resource);

    /**
     * Whether it allows everything without looking who asks. Only then is a question allowed that nobody is known to
     * ask.
     */
    default boolean allowsEveryone() {
        return false;
    }

    /** @throws ProblemException of kind FORBIDDEN that names the action and the resource */
    default void require(Principal principal, Action action, Resource resource) {
        if (!allows(principal, action, resource)) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            Quoted.of(principal.name()) + " is not allowed to " + action + " on " + resource.words()
                                    + ". Ask whoever administers this server.")
                    .exception();
        }
    }
}
