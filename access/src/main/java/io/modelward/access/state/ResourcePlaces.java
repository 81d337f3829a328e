package io.modelward.access.state;

import io.modelward.core.access.Place;
import io.modelward.core.access.Resource;
import java.util.Optional;

/** Finds where a resource lies among the things that roles are granted on. */
@FunctionalInterface
public interface ResourcePlaces {

    /**
     * The place of a resource; empty when no such thing is there, and then nobody may see it. For models and endpoints
     * it answers from memory, whether the thing is there or not; for all else it may look into the catalog.
     */
    Optional<Place> of(Resource resource);
}
