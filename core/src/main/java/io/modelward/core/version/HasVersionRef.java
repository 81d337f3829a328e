package io.modelward.core.version;

import io.modelward.core.digest.Digest;

/** A value about one version, which it names by a reference. */
public interface HasVersionRef {

    VersionRef ref();

    default ModelId modelId() {
        return ref().modelId();
    }

    default ModelName model() {
        return ref().model();
    }

    default SemVer version() {
        return ref().version();
    }

    default Digest digest() {
        return ref().digest();
    }
}
