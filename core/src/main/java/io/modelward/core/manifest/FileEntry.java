package io.modelward.core.manifest;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;

/**
 * One file of a version.
 *
 * @param size in bytes; at most 2⁵³ − 1, so that it is exact in JSON
 */
public record FileEntry(FilePath path, long size, Digest sha256) {

    private static final long LARGEST = (1L << 53) - 1;

    public FileEntry {
        if (size < 0 || size > LARGEST) {
            throw ProblemException.invalid("size", "A size is a whole number of bytes from 0 to " + LARGEST + ".");
        }
    }
}
