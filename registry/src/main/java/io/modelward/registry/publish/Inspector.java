package io.modelward.registry.publish;

import io.modelward.core.format.ModelFormats;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelName;
import java.util.Map;
import java.util.Optional;

/**
 * The questions that the registry has for the runtimes: which models they run, and what a model takes and gives when
 * none of its files says so.
 */
@FunctionalInterface
public interface Inspector {

    /** Knows of nothing. */
    Inspector NONE = (model, manifest) -> Optional.empty();

    /** The formats that are run here. */
    default ModelFormats formats() {
        return ModelFormats.python();
    }

    /**
     * The releases of the packages that will load these files, by name, and that of Python as {@code python}, as far as
     * they are known. Never fails.
     */
    default Map<String, String> releases(ModelName model, Manifest manifest) {
        return Map.of();
    }

    /** Blocks for some seconds at most; empty when it could not be found out. */
    Optional<Signature> inspect(ModelName model, Manifest manifest);
}
