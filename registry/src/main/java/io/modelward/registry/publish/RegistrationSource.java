package io.modelward.registry.publish;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;

/**
 * What a version is registered from. A door reads the source from the text of its protocol, and refuses texts that name
 * a host or a path of a machine.
 */
public sealed interface RegistrationSource {

    /** A logged model. */
    record Logged(String id) implements RegistrationSource {}

    /** A version that is registered already. */
    record Version(ModelName model, Selector selector) implements RegistrationSource {}

    /** What lies below a run's files. */
    record OfRun(String run, ArtifactPath path) implements RegistrationSource {}

    /** What lies at a place of this server. */
    record Kept(ArtifactPath path) implements RegistrationSource {}

    /** Any other place, such as {@code s3://bucket/model}: nobody here looks there. */
    record Elsewhere(String uri) implements RegistrationSource {}
}
