package io.modelward.registry.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import java.util.List;

/** What whoever searches runs or logged models must be allowed to read. */
final class SearchAccess {

    private SearchAccess() {}

    /** Asks for each experiment that is searched; where none is named, all are. */
    static void require(Access access, List<String> experiments) {
        if (experiments.isEmpty()) {
            access.require(Action.READ, Resource.REGISTRY);
        }
        experiments.forEach(id -> access.require(Action.READ, new Resource.Experiment(id)));
    }
}
