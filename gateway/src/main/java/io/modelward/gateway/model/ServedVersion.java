package io.modelward.gateway.model;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Subject;
import io.modelward.core.route.Arm;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.version.VersionResolver;
import io.modelward.runtime.ModelSource;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Versions;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A published version, as the gateway needs it to serve.
 *
 * @param id the model's identity
 * @param model the name that the model had when this was made; of a version in memory, {@link LoadedModel#version} says the name it has now
 */
public record ServedVersion(
        ModelId id, ModelName model, SemVer version, Digest digest, Manifest manifest, Signature signature) {

    /** @throws ProblemException of kind REFUSED when the version's bytes are elsewhere */
    public static ServedVersion of(Versions.Row row) {
        Versions.Summary summary = row.summary();
        Manifest manifest = manifest(row);
        if (manifest.files().isEmpty()) {
            throw ProblemException.refused(
                    "version",
                    summary.model() + "@" + summary.version()
                            + " refers to files that are not kept here, so it cannot serve. Register a model whose files are.");
        }
        return new ServedVersion(
                summary.modelId(),
                summary.model(),
                summary.version(),
                summary.digest(),
                manifest,
                Signature.fromJson(Json.parse(row.signature(), "signature")));
    }

    private static Manifest manifest(Versions.Row row) {
        return Manifest.parse(row.manifest().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the version's bytes are kept here, so that it could serve. */
    static boolean isHere(Versions.Row row) {
        return !manifest(row).files().isEmpty();
    }

    /** The version that an arm names, also when it was deleted since or its model renamed: what served may serve again. */
    public static ServedVersion of(CatalogTransaction tx, Arm arm) {
        return of(VersionResolver.kept(tx, arm.id(), arm.model(), arm.version()));
    }

    /** What a selector means: of the model that is named, else of the one that serves now, whatever its name is meanwhile. */
    public static ServedVersion of(CatalogTransaction tx, Optional<ModelName> model, Arm active, Selector selector) {
        return of(
                model.isPresent()
                        ? VersionResolver.resolve(tx, model.get(), selector)
                        : VersionResolver.resolve(
                                tx, VersionResolver.requireModel(tx, active.id(), active.model()), selector));
    }

    /** The version that takes part in a rollout, likewise. */
    public static ServedVersion of(CatalogTransaction tx, Subject subject) {
        return of(VersionResolver.kept(tx, subject.id(), subject.model(), subject.version()));
    }

    /** The same version under the name that its model has now. */
    ServedVersion named(ModelName now) {
        return new ServedVersion(id, now, version, digest, manifest, signature);
    }

    public Subject subject() {
        return new Subject(id, model, version, digest);
    }

    /** The version as a runtime needs it. */
    ModelSource source(ModelSource.Opener opener) {
        return new ModelSource(reference(), digest, manifest.files(), opener, signature);
    }

    /** {@code namespace/name@version}. */
    public String reference() {
        return model + "@" + version;
    }
}
