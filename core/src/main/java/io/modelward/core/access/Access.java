package io.modelward.core.access;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
     * @throws ProblemException of kind FORBIDDEN when the caller may not, or when nobody is known to ask; where the
     *     caller may do nothing at all with the resource, the same as when no such thing is there
     */
    public void require(Action action, Resource resource) {
        if (authorizer.allowsEveryone()) {
            return;
        }
        Principal caller = known(action, resource.words());
        if (!authorizer.allows(caller, action, resource)) {
            throw authorizer.sees(caller, resource) ? refused(caller, action, resource) : resource.missing();
        }
    }

    /**
     * As {@link #require}, for what makes a thing of that name: the refusal is one of kind FORBIDDEN, whether the thing
     * is there or not.
     */
    public void requireToMake(Action action, Resource resource) {
        if (authorizer.allowsEveryone()) {
            return;
        }
        Principal caller = known(action, resource.words());
        if (!authorizer.allows(caller, action, resource)) {
            throw refused(caller, action, resource);
        }
    }

    /**
     * Asks whether there may be something that the caller may do this on; for lists, which then hold that alone.
     *
     * @return what may be shown
     * @throws ProblemException of kind FORBIDDEN when there is nothing
     */
    public Reach requireSome(Action action) {
        if (authorizer.allowsEveryone()) {
            return Reach.EVERYTHING;
        }
        Principal caller = known(action, "anything");
        Reach reach = authorizer.reach(caller, action);
        if (!reach.anything()) {
            throw refusal(caller, action, "anything", authorizer.givers(Resource.REGISTRY));
        }
        return reach;
    }

    /** Whether the caller may do this. */
    public boolean allows(Action action, Resource resource) {
        return authorizer.allowsEveryone() || (CALLER.isBound() && authorizer.allows(CALLER.get(), action, resource));
    }

    /** All that the caller may do this on; nothing when nobody is known to ask. */
    public Reach reach(Action action) {
        if (authorizer.allowsEveryone()) {
            return Reach.EVERYTHING;
        }
        return CALLER.isBound() ? authorizer.reach(CALLER.get(), action) : Reach.NOTHING;
    }

    /** Whether everyone may do everything here. */
    public boolean off() {
        return authorizer.allowsEveryone();
    }

    private static Principal known(Action action, String on) {
        if (!CALLER.isBound()) {
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            "Nobody is known to ask for " + action + " on " + on + ", so it is refused.")
                    .exception();
        }
        return CALLER.get();
    }

    private ProblemException refused(Principal caller, Action action, Resource resource) {
        return refusal(caller, action, resource.words(), authorizer.givers(caller, resource));
    }

    private static ProblemException refusal(Principal caller, Action action, String on, List<String> givers) {
        String roles = action.roles().stream().map(Role::label).collect(Collectors.joining(", "));
        String who = givers.isEmpty() ? "an administrator of this server" : String.join(", ", givers);
        return Problem.of(
                        ProblemType.FORBIDDEN,
                        Quoted.of(caller.name()) + " is not allowed to " + action.words() + " " + on + " ("
                                + action.label()
                                + "). One of these roles is needed there: " + roles + ". Ask " + who
                                + " to grant one, or use a token that has one.")
                .with("action", action.label())
                .with("on", on)
                .exception();
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
