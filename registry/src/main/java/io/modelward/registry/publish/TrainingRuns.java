package io.modelward.registry.publish;

import io.modelward.core.access.Principal;
import io.modelward.core.card.Card;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.Bump;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;

/** Knows which callers are runs of training jobs. Asked for each version that is published, by whatever door. */
@FunctionalInterface
public interface TrainingRuns {

    /** Where no jobs are. */
    TrainingRuns NONE = caller -> Optional.empty();

    /** The run that the caller is; empty when the caller is none. */
    Optional<TrainingRun> of(Principal caller);

    /** A run that publishes. */
    interface TrainingRun {

        /**
         * What a version of the run is to be; asked in the transaction that writes the version.
         *
         * @param bump from the highest version, where the caller names no number
         * @param held why the version is kept as a pre-release; empty: it is a release
         * @param suffix of the pre-release
         * @param again the version that the run makes once more: the new one becomes a pre-release of its number; empty
         *     for a run that makes a version of its own
         */
        record Admission(Bump bump, Optional<String> held, String suffix, Optional<SemVer> again) {}

        /**
         * Asked before a draft of a model of this name, or the model itself, is made; in the transaction that makes it.
         *
         * @throws ProblemException when the run has ended, or the name is not the one that its own model has now
         */
        void requireOwn(CatalogTransaction tx, ModelName name);

        /** @throws ProblemException when the run may not publish this */
        Admission admit(CatalogTransaction tx, RegisteredModel model, Card card);

        /** The caller published what is there already, card and all; in the transaction that finds that. */
        void found(CatalogTransaction tx, PublishedVersion version);

        /** The version is written; in the same transaction. */
        void published(CatalogTransaction tx, PublishedVersion version);
    }
}
