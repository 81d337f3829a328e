package io.modelward.core.access;

import io.modelward.core.problem.ProblemException;

/**
 * A role on a scope. To make one of an administrator of a part is a {@link ProblemException} of kind INVALID: an
 * administrator is one of the whole server.
 */
public record Permission(Role role, Scope scope) {

    public Permission {
        if (role == Role.ADMINISTRATOR && scope.kind() != Scope.Kind.SERVER) {
            throw ProblemException.invalid(
                    "scope", "An administrator is one of the whole server, with the scope *. For a part, grant owner.");
        }
        if (role == Role.PREDICTOR && scope.kind() == Scope.Kind.EXPERIMENT) {
            throw ProblemException.invalid("scope", "Experiments take no predictions. Grant predictor on an endpoint.");
        }
    }

    /** Whether whoever has this permission has all that the other one gives. */
    public boolean covers(Permission other) {
        return role.includes(other.role) && scope.covers(other.scope);
    }

    @Override
    public String toString() {
        return role.label() + " on " + scope;
    }
}
