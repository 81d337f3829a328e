package io.modelward.gateway.model;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.runtime.ModelSource;
import io.modelward.store.catalog.Versions;
import java.nio.charset.StandardCharsets;

/** A published version, as the gateway needs it to serve. */
public record ServedVersion(ModelName model, SemVer version, Digest digest, Manifest manifest, Signature signature) {

    public static ServedVersion of(Versions.Row row) {
        Versions.Summary summary = row.summary();
        return new ServedVersion(
                summary.model(),
                summary.version(),
                summary.digest(),
                Manifest.parse(row.manifest().getBytes(StandardCharsets.UTF_8)),
                Signature.fromJson(Json.parse(row.signature(), "signature")));
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
