package io.modelward.core.access;

import java.util.List;

/**
 * Decides who may do what. It is asked on the threads of requests, also of predictions: for endpoints and models it
 * answers from memory and does not wait.
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

    /** All that the caller may do this on. */
    default Reach reach(Principal principal, Action action) {
        return allows(principal, action, Resource.REGISTRY) ? Reach.EVERYTHING : Reach.NOTHING;
    }

    /** Whether the caller may do anything at all with the resource, and so may know that it is there. */
    default boolean sees(Principal principal, Resource resource) {
        return true;
    }

    /**
     * As {@link #givers(Resource)}, for a caller to read: of what the caller may not see, those of the whole server, since
     * the others would tell what is there. Those of a model follow from its name alone.
     */
    default List<String> givers(Principal caller, Resource resource) {
        return givers(resource instanceof Resource.Model || sees(caller, resource) ? resource : Resource.REGISTRY);
    }

    /** Who may give the permission that is missing: subjects, in words; a few at most. */
    default List<String> givers(Resource resource) {
        return List.of();
    }
}
