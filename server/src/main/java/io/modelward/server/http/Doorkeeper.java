package io.modelward.server.http;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import java.util.Map;
import java.util.Optional;

/**
 * Asks, before the body of a request is read, whether the caller may do what the route declares: on the model or
 * endpoint that the address names, else on anything at all. What only the body names, the service asks for.
 */
final class Doorkeeper {

    private final Access access;

    Doorkeeper(Access access) {
        this.access = access;
    }

    /** @throws ProblemException when the caller may not */
    void require(HttpRoute route, Map<String, String> parameters, Principal caller) {
        Optional<Action> needed = route.needs();
        if (needed.isEmpty() || access.off()) {
            return;
        }
        Action action = needed.get();
        Access.as(caller, () -> {
            Optional<Resource> resource = resource(parameters);
            if (resource.isEmpty()) {
                access.requireSome(action);
            } else if (makes(route, action)) {
                access.requireToMake(action, resource.get());
            } else {
                access.require(action, resource.get());
            }
        });
    }

    /** Whether the thing that the address names may be one that is made by the request. */
    private static boolean makes(HttpRoute route, Action action) {
        return action == Action.PUBLISH
                || (action == Action.RELEASE
                        && route.method().equals("PUT")
                        && route.template().endsWith("/{endpoint}"));
    }

    private static Optional<Resource> resource(Map<String, String> parameters) {
        String endpoint = parameters.get("endpoint");
        if (endpoint != null) {
            return Optional.of(new Resource.Endpoint(endpoint));
        }
        String namespace = parameters.get("namespace");
        String name = parameters.get("name");
        if (namespace == null || name == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Resource.Model(ModelName.of(namespace, name)));
        } catch (ProblemException noName) {
            // The handler says what is wrong with the name, to those who may do this anywhere.
            return Optional.empty();
        }
    }

    /** Whether a problem may name things that the caller did not name: only to those who may look at everything. */
    boolean mayGuess(Principal caller) {
        return access.off()
                || Access.call(caller, () -> access.reach(Action.READ).everything());
    }
}
