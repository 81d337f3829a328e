package io.modelward.runtime;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.signature.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A version as a runtime needs it.
 *
 * @param reference {@code namespace/name@version}
 * @param files the version's files
 * @param opener reads a file's bytes; the runtime checks them against their digest
 */
public record ModelSource(String reference, Digest digest, List<FileEntry> files, Opener opener, Signature signature) {

    /** Opens the bytes of one file. */
    @FunctionalInterface
    public interface Opener {
        InputStream open(FileEntry file) throws IOException;
    }
}
