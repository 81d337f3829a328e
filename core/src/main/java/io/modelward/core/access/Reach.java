package io.modelward.core.access;

import io.modelward.core.version.ModelName;
import java.util.List;
import java.util.Optional;

/**
 * All that a caller may do one action on, for lists: a thing is within reach when a scope of each layer covers the
 * thing. A person's grants are one layer; the grants of a token are a second one, since a token never reaches further
 * than its owner.
 *
 * @param layers each has a scope at least, else the reach is {@link #NOTHING}
 * @param creator whose own experiments, runs and logged models are within reach besides
 */
public record Reach(List<List<Scope>> layers, Optional<String> creator) {

    /** All there is. */
    public static final Reach EVERYTHING = new Reach(List.of(), Optional.empty());

    /** Nothing at all. */
    public static final Reach NOTHING = new Reach(List.of(List.of()), Optional.empty());

    /** Whether all there is, and all that will be, is within reach. */
    public boolean everything() {
        return layers.stream().allMatch(layer -> layer.contains(Scope.SERVER));
    }

    /** Whether there may be something within reach. */
    public boolean anything() {
        return layers.stream().noneMatch(List::isEmpty);
    }

    public boolean covers(Place place) {
        return layers.stream().allMatch(place::within)
                || (anything() && creator.isPresent() && creator.equals(place.creator()));
    }

    public boolean coversModel(ModelName model) {
        return everything() || covers(Place.model(model.toString()));
    }
}
