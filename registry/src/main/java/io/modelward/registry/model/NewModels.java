package io.modelward.registry.model;

import io.modelward.core.access.Principal;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;

/** Knows callers who make no models of any name, beside what access control says. */
@FunctionalInterface
public interface NewModels {

    /** Where everyone makes what access control lets them make. */
    NewModels FREE = caller -> Optional.empty();

    /** What holds for the caller; empty: nothing besides. */
    Optional<Rule> of(Principal caller);

    /** What holds for one caller; asked in the transaction that makes the model. */
    @FunctionalInterface
    interface Rule {

        /** @throws io.modelward.core.problem.ProblemException when the caller makes no model of this name */
        void require(CatalogTransaction tx, ModelName name);
    }
}
