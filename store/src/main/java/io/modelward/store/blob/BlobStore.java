package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Bytes kept by their SHA-256. A blob never changes; storing the same bytes again is free. Nothing mutable lives here: names
 * and pointers are the catalog's.
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

    /** Hashes the stored bytes again; empty when the blob is not here. */
    BlobCheck check(Digest digest) throws IOException;

    /** Every blob stored before this time, in no order. The caller closes the stream. */
    Stream<Digest> list(Instant before) throws IOException;

    /** Removes a blob if it is here. Only for blobs that nothing refers to. */
    void delete(Digest digest) throws IOException;
}
