package io.modelward.registry.publish;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The version that a card names as {@code base_version}: what the new version was made of, as {@code 1.2.0} of the same
 * model or {@code namespace/name@1.2.0}. A card may say anything there, so what names no version is let be.
 *
 * @param model empty: the model of the card
 */
record BaseVersion(Optional<ModelName> model, SemVer version) {

    /** What a card names, unless the caller may not look at it: nobody pins what is hidden from them. */
    static Optional<BaseVersion> of(Access access, JsonNode card) {
        String text = card.path("base_version").stringValue("");
        int at = text.indexOf('@');
        try {
            return SemVer.tryParse(text.substring(at + 1))
                    .map(version -> new BaseVersion(
                            at < 0 ? Optional.empty() : Optional.of(ModelName.parse(text.substring(0, at))), version))
                    .filter(base -> base.model()
                            .map(name -> access.allows(Action.READ, new Resource.Model(name)))
                            .orElse(true));
        } catch (ProblemException noName) {
            return Optional.empty();
        }
    }

    /** Notes that the version was made of this one, if it is there. */
    void note(CatalogTransaction tx, VersionSummary made) {
        Optional<PublishedVersion> base = model.isEmpty()
                ? tx.versions().find(made.modelId(), version)
                : tx.models().find(model.get()).flatMap(of -> tx.versions().find(of.id(), version));
        base.filter(PublishedVersion::active)
                .filter(row -> row.summary().id() != made.id())
                .ifPresent(row ->
                        tx.retention().insertParent(made.id(), row.summary().id()));
    }
}
