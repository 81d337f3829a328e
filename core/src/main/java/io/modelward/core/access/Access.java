package io.modelward.core.access;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.Optional;

/**
 * What services ask before they do anything for a caller. Work that the server does by itself does not ask.
 *
 * <p>The caller is bound to the work that is done for the caller, not passed to each method: the router binds the
 * caller once per request, so no service of some 150 methods can be handed the wrong one, and none carries a parameter
 * that only its first line reads. A {@link ScopedValue} ends with the work that it was bound for and is not seen by any
 * other thread. Work that goes on on another thread binds the caller again; where that is forgotten, the question is
 * refused.
 */
public final class Access {

    private static final ScopedValue<Principal> CALLER = ScopedValue.newInstance();

    private final Authorizer authorizer;

    public Access(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * Asks whether the caller may do this.
     *
     * @throws ProblemException of kind FORBIDDEN when the caller may not, or when nobody is known to ask
     */
    public void require(Action action, Resource resource) {
        if (authorizer.allowsEveryone()) {
            return;
        }
        if (!CALLER.isBound()) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            "Nobody is known to ask for " + action + " on " + resource.words() + ", so it is refused.")
                    .exception();
        }
        authorizer.require(CALLER.get(), action, resource);
    }

    /** Whether the caller may do this; for leaving out of a list what the caller may not see. */
    public boolean allows(Action action, Resource resource) {
        return authorizer.allowsEveryone() || (CALLER.isBound() && authorizer.allows(CALLER.get(), action, resource));
    }

    /** The caller of the work that this thread does now. */
    public static Optional<Principal> caller() {
        return CALLER.isBound() ? Optional.of(CALLER.get()) : Optional.empty();
    }

    /** Does work for a caller. */
    public static void as(Principal caller, Runnable work) {
        ScopedValue.where(CALLER, caller).run(work);
    }

    /** Does work for a caller and answers what it answers. */
    public static <T, X extends Throwable> T call(Principal caller, ScopedValue.CallableOp<? extends T, X> work)
            throws X {
        return ScopedValue.where(CALLER, caller).<T, X>call(work);
    }
}
