package io.modelward.store.blob;

import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A blob being written. Used by one thread at a time; closing without {@link #commit()} forgets it. */
public interface BlobWriter extends AutoCloseable {

    /** Appends and hashes all remaining bytes of the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** The SHA-256 of what was written; ends the writing. Nothing is kept yet. */
    Digest digest();

    /**
     * What was written so far, from the beginning, for whoever passes the bytes on instead of keeping them. The caller
     * closes the channel before the writer.
     */
    ReadableByteChannel written() throws IOException;

    /**
     * Ends the writing of bytes that are passed on later, by {@link #written}: until then no file is open. Such bytes
     * cannot be committed.
     */
    void putAside() throws IOException;

    /** Makes the blob durable and visible. When this returns, it survives a crash of the machine. */
    Stored commit() throws IOException;

    @Override
    void close() throws IOException;

    /**
     * A committed blob.
     *
     * @param digest SHA-256 of its bytes
     * @param size in bytes
     */
    record Stored(Digest digest, long size) {}
}
