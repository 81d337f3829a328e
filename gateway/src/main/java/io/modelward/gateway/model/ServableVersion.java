package io.modelward.gateway.model;

import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.route.Arm;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.HasVersionRef;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.VersionRef;
import io.modelward.registry.version.VersionResolver;
import io.modelward.runtime.ModelSource;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.Optional;

/**
 * A published version, as the gateway needs it to serve.
 *
 * @param ref the version under the name that its model had when this was made; of a version in memory,
 *     {@link LoadedModel#version} says the name it has now
 * @param evaluate whether the server may evaluate it itself
 */
public record ServableVersion(VersionRef ref, Manifest manifest, Signature signature, boolean evaluate)
        implements HasVersionRef {

    /** @throws ProblemException of kind REFUSED when the version's bytes are elsewhere */
    public static ServableVersion of(PublishedVersion version) {
        if (!isHere(version)) {
            throw ProblemException.refused(
                    "version",
                    version.ref().reference()
                            + " refers to files that are not kept here, so it cannot serve. Register a model"
                            + " whose files are.");
        }
        return new ServableVersion(version.ref(), version.manifest(), version.signature(), true);
    }

    /** Whether the version's bytes are kept here, so that it could serve. */
    static boolean isHere(PublishedVersion version) {
        return !version.manifest().files().isEmpty();
    }

    /**
     * The version that an arm names, also when it was deleted since or its model renamed: what served may serve again.
     */
    public static ServableVersion of(CatalogTransaction tx, Arm arm) {
        return of(tx, arm.ref()).evaluated(arm.evaluate());
    }

    /**
     * What a selector means: of the model that is named, else of the one that serves now, whatever its name is
     * meanwhile.
     */
    public static ServableVersion of(CatalogTransaction tx, Optional<ModelName> model, Arm active, Selector selector) {
        return of(
                model.isPresent()
                        ? VersionResolver.resolve(tx, model.get(), selector)
                        : VersionResolver.resolve(
                                tx, VersionResolver.requireModel(tx, active.modelId(), active.model()), selector));
    }

    /** The version of a rollout, likewise. */
    public static ServableVersion of(CatalogTransaction tx, VersionRef ref) {
        return of(VersionResolver.kept(tx, ref.modelId(), ref.model(), ref.version()));
    }

    /** The same version, with whether the server may evaluate it. */
    public ServableVersion evaluated(boolean may) {
        return new ServableVersion(ref, manifest, signature, may);
    }

    /** The same version under the name that its model has now. */
    ServableVersion named(ModelName now) {
        return new ServableVersion(ref.named(now), manifest, signature, evaluate);
    }

    /** The version as a runtime needs it. */
    public ModelSource source(ModelSource.Opener opener) {
        return new ModelSource(reference(), digest(), manifest.files(), opener, signature, evaluate);
    }

    /** {@code namespace/name@version}. */
    public String reference() {
        return ref.reference();
    }
}
