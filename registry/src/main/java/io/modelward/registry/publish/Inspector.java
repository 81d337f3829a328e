package io.modelward.registry.publish;

import io.modelward.core.manifest.Manifest;
import io.modelward.core.signature.Signature;
import java.util.Optional;

/** Finds out what a model takes and gives that says nothing about it. */
@FunctionalInterface
public interface Inspector {

    /** The signature, or empty when it cannot be found out in reasonable time. Never fails. */
    Optional<Signature> inspect(String reference, Manifest manifest);
}
