package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Bytes kept by their SHA-256. A blob never changes; storing the same bytes again is free. Nothing mutable lives here:
 * names and pointers are the catalog's.
 */
public interface BlobStore {

    /** Starts a new blob. Nothing is visible until {@link BlobWriter#commit()}. */
    BlobWriter writer() throws IOException;

    /** The blob's size in bytes, or empty when it is not here. */
    OptionalLong size(Digest digest) throws IOException;

    /**
     * Reads {@code length} bytes from {@code offset}. The bytes are as stored, not hashed again.
     *
     * @throws java.nio.file.NoSuchFileException when the blob is not here
     * @throws IllegalArgumentException when the range is not within the blob
     */
    InputStream read(Digest digest, long offset, long length) throws IOException;

    /** Reads the whole blob. */
    default InputStream read(Digest digest) throws IOException {
        return read(digest, 0, size(digest).orElseThrow(() -> new java.nio.file.NoSuchFileException(digest.hex())));
    }

    /**
     * Opens {@code length} bytes from {@code offset} so that wrong bytes never end well. See {@link BlobReading}.
     *
     * @param size of the whole blob, as whoever names it says
     * @throws java.nio.file.NoSuchFileException when the blob is not here
     * @throws io.modelward.core.problem.ProblemException of the kind {@code damaged}, when that is known already
     * @throws IllegalArgumentException when the range is not within the blob
     */
    BlobReading open(Digest digest, long size, long offset, long length) throws IOException;

    /** The blob is named and is not here. */
    static ProblemException missing(Digest digest) {
        return BlobHealth.problem(digest, "are missing");
    }

    /** Hashes the stored bytes again; says so when the blob is not here. */
    BlobCheck check(Digest digest) throws IOException;

    /** Every blob stored before this time, in no order. The caller closes the stream. */
    Stream<Digest> list(Instant before) throws IOException;

    /** Removes a blob if it is here. Only for blobs that nothing refers to. */
    void delete(Digest digest) throws IOException;

    /**
     * Removes a blob if it was last stored before this time, in one step with the look at it: storing the same bytes
     * again makes a blob young, so that it is not taken from under whoever stored it.
     *
     * @return whether it was removed
     */
    boolean deleteIfOlder(Digest digest, Instant before) throws IOException;
}
