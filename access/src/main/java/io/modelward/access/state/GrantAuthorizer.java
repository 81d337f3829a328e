package io.modelward.access.state;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.access.Grant;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Place;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides by grants. Whoever is not granted a role that allows the action, on a scope that covers the resource, is
 * refused. A token with permissions of its own needs one of them besides one of its owner's, at each question: a token
 * loses with its owner.
 *
 * <p>Experiments, runs and logged models belong to those who made them: who has a role that allows {@link Action#TRACK}
 * anywhere may log to and read what was made in the same name, and may make runs in the first experiment.
 *
 * <p>Decisions on models and endpoints by their own names are remembered until something changes, for a second at most.
 */
public final class GrantAuthorizer implements Authorizer {

    private static final int MOST_REMEMBERED = 20_000;
    /** No endpoint has a longer name; a caller may name anything. */
    private static final int LONGEST_REMEMBERED = 200;

    private static final int MOST_GIVERS = 3;
    private static final long REMEMBERED_NANOS = 1_000_000_000;

    private final AccessState state;
    private final ResourcePlaces places;
    private volatile Memory memory = new Memory(-1, 0);

    public GrantAuthorizer(AccessState state, ResourcePlaces places) {
        this.state = state;
        this.places = places;
    }

    /** Without the address of the caller, on which nothing depends. */
    private record Question(String name, String credential, Set<String> groups, Action action, Resource resource) {}

    /** Decisions that hold for one version of the state. */
    private static final class Memory {
        private final long version;
        private final long since;
        private final Map<Question, Boolean> decisions = new ConcurrentHashMap<>();

        Memory(long version, long since) {
            this.version = version;
            this.since = since;
        }
    }

    private Memory memory() {
        Memory now = memory;
        long nanos = System.nanoTime();
        if (now.version != state.version()
                || nanos - now.since > REMEMBERED_NANOS
                || now.decisions.size() >= MOST_REMEMBERED) {
            now = new Memory(state.version(), nanos);
            memory = now;
        }
        return now;
    }

    @Override
    public boolean allows(Principal principal, Action action, Resource resource) {
        if (!principal.proven()) {
            return false;
        }
        if (!(resource instanceof Resource.Model
                || (resource instanceof Resource.Endpoint endpoint
                        && endpoint.name().length() <= LONGEST_REMEMBERED))) {
            return decide(principal, action, resource);
        }
        Memory known = memory();
        Question question =
                new Question(principal.name(), principal.credential(), principal.groups(), action, resource);
        Boolean decided = known.decisions.get(question);
        if (decided != null) {
            return decided;
        }
        Optional<Place> place = places.of(resource);
        Reach reach = reach(principal, action);
        boolean named = place.isPresent() && reach.covers(place.get().alone());
        boolean allowed = named || (place.isPresent() && reach.covers(place.get()));
        // What follows from the models of an endpoint changes with its route, of which the state knows nothing.
        if (named || (place.isPresent() && place.get().models().isEmpty())) {
            known.decisions.put(question, allowed);
        }
        return allowed;
    }

    private boolean decide(Principal principal, Action action, Resource resource) {
        Optional<Place> place = places.of(resource);
        if (place.isEmpty()) {
            // Who may do everything hears from the service that it is not there. A name that is free is anybody's.
            return reach(principal, action).everything()
                    || (action == Action.TRACK && resource instanceof Resource.NamedExperiment && tracks(principal));
        }
        return reach(principal, action).covers(place.get()) || common(principal, action, resource, place.get());
    }

    /** The first experiment is there for all who log runs: they find it, and make runs in it. */
    private boolean common(Principal principal, Action action, Resource resource, Place place) {
        boolean wanted = action == Action.READ
                ? resource instanceof Resource.Experiment || resource instanceof Resource.NamedExperiment
                : action == Action.TRACK && resource instanceof Resource.WithinExperiment;
        return wanted && place.creator().equals(Optional.of(Place.COMMON)) && tracks(principal);
    }

    @Override
    public Reach reach(Principal principal, Action action) {
        if (!principal.proven()) {
            return Reach.NOTHING;
        }
        List<List<Scope>> layers = layers(principal, action);
        boolean makes = action == Action.READ || action == Action.TRACK;
        Optional<String> creator = makes && tracks(principal) ? Optional.of(principal.name()) : Optional.empty();
        return new Reach(layers, creator);
    }

    private boolean tracks(Principal principal) {
        return layers(principal, Action.TRACK).stream().noneMatch(List::isEmpty);
    }

    /** Of each layer the scopes on which an action is allowed. */
    private List<List<Scope>> layers(Principal principal, Action action) {
        if (state.disabled(principal.name())) {
            return List.of(List.of());
        }
        List<List<Scope>> layers = new ArrayList<>(2);
        layers.add(scopes(grants(principal).stream().map(Grant::permission).toList(), action));
        if (!principal.credential().isEmpty()) {
            if (state.ended(principal.credential())) {
                // It ended while the request was under way.
                throw AccessState.invalid();
            }
            state.byId(principal.credential())
                    .flatMap(AccessToken::permissions)
                    .ifPresent(limited -> layers.add(scopes(limited, action)));
        }
        return layers;
    }

    private static List<Scope> scopes(List<Permission> permissions, Action action) {
        List<Scope> scopes = new ArrayList<>(permissions.size());
        for (Permission permission : permissions) {
            if (permission.role().allows(action)) {
                scopes.add(permission.scope());
            }
        }
        return scopes;
    }

    /** All grants that count for somebody: their own, those of their groups, and those of everyone. */
    public List<Grant> grants(Principal principal) {
        List<Grant> all = new ArrayList<>(state.grants(principal.name()));
        // A signed token tells the groups of its own moment; to a token of this server belong those of the last log-in.
        Set<String> groups = principal.credential().isEmpty() ? principal.groups() : state.groups(principal.name());
        for (String group : groups) {
            all.addAll(state.grants(Subject.group(group).toString()));
        }
        all.addAll(state.grants(Subject.EVERYONE.toString()));
        return all;
    }

    /** What the credential of a principal is limited to; empty: to nothing less than its owner may do. */
    public Optional<List<Permission>> limits(Principal principal) {
        return state.byId(principal.credential()).flatMap(AccessToken::permissions);
    }

    /** Whether somebody has all that a permission would give. */
    public boolean has(Principal principal, Permission permission) {
        for (Action action : Action.values()) {
            if (permission.role().allows(action)
                    && !layers(principal, action).stream()
                            .allMatch(layer -> layer.stream().anyMatch(scope -> scope.covers(permission.scope())))) {
                return false;
            }
        }
        return true;
    }

    /** Whether somebody may grant roles on a scope. */
    public boolean mayGrant(Principal principal, Permission permission) {
        Action needed = permission.role() == Role.ADMINISTRATOR ? Action.ADMINISTER : Action.GRANT;
        return layers(principal, needed).stream()
                .allMatch(layer -> layer.stream().anyMatch(scope -> scope.covers(permission.scope())));
    }

    @Override
    public boolean sees(Principal principal, Resource resource) {
        if (resource instanceof Resource.Registry
                || resource instanceof Resource.Webhooks
                || resource instanceof Resource.Notifications
                || resource instanceof Resource.AuditLog
                || resource instanceof Resource.PredictionRecords) {
            // These are there on every server, as all know.
            return true;
        }
        for (Action action : Action.values()) {
            if (allows(principal, action, resource)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> givers(Resource resource) {
        Place place = places.of(resource).orElse(Place.SERVER);
        return state.allGrants().stream()
                .filter(grant -> grant.permission().role().allows(Action.GRANT)
                        && !grant.subject().equals(Subject.BOOTSTRAP)
                        && new Reach(List.of(List.of(grant.permission().scope())), Optional.empty()).covers(place))
                .map(grant -> grant.subject().toString())
                .distinct()
                .limit(MOST_GIVERS)
                .toList();
    }

    /** Where a resource lies. */
    public Optional<Place> place(Resource resource) {
        return places.of(resource);
    }
}
