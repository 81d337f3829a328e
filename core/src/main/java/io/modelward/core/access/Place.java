package io.modelward.core.access;

import java.util.List;
import java.util.Optional;

/**
 * Where a resource lies among the things that roles are granted on. A scope covers a place when the scope covers its
 * own name, or all names of the second list, of which there is one at least.
 *
 * @param kind SERVER for what only a scope {@code *} covers
 * @param name the name, without stars
 * @param models the models that an endpoint serves now; empty for all else
 * @param creator the subject that made the thing, where such things belong to those who made them
 */
public record Place(Scope.Kind kind, String name, List<String> models, Optional<String> creator) {

    /** The creator of what all may use who log runs: the first experiment. */
    public static final String COMMON = "everyone";

    /** What belongs to the server as a whole. */
    public static final Place SERVER = new Place(Scope.Kind.SERVER, "", List.of(), Optional.empty());

    public static Place model(String name) {
        return new Place(Scope.Kind.MODEL, name, List.of(), Optional.empty());
    }

    /** @param models the names of the models that serve there now */
    public static Place endpoint(String name, List<String> models) {
        return new Place(Scope.Kind.ENDPOINT, name, List.copyOf(models), Optional.empty());
    }

    /** An experiment or what belongs to it. */
    public static Place experiment(String name, Optional<String> creator) {
        return new Place(Scope.Kind.EXPERIMENT, name, List.of(), creator);
    }

    /** The place by its own name, without what serves there. */
    public Place alone() {
        return models.isEmpty() ? this : new Place(kind, name, List.of(), creator);
    }

    /** Whether one of these scopes covers the place. */
    boolean within(List<Scope> scopes) {
        boolean named = kind == Scope.Kind.SERVER
                ? scopes.contains(Scope.SERVER)
                : scopes.stream().anyMatch(scope -> scope.covers(kind, name));
        return named
                || (!models.isEmpty()
                        && models.stream()
                                .allMatch(model ->
                                        scopes.stream().anyMatch(scope -> scope.covers(Scope.Kind.MODEL, model))));
    }
}
