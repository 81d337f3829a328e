package io.modelward.registry;

import io.modelward.store.blob.BlobReading;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a file that is kept here, on their way out. Wrong bytes never end well: the reading fails before it hands
 * out the last piece, with a problem of the kind {@code damaged}. Used by one thread at a time.
 */
public final class FileReading implements Closeable {

    private final BlobReading bytes;

    public FileReading(BlobReading bytes) {
        this.bytes = bytes;
    }

    /**
     * Does the next part of the proof that must end before the first byte goes out. It reads at most a few MiB, so that
     * many readings share a few threads by turns.
     *
     * @return whether all is proved and {@link #next} may be called
     */
    public boolean prove() throws IOException {
        return bytes.prove();
    }

    /** The next bytes, which stay as they are until the following call; null at the end. */
    public @Nullable ByteBuffer next() throws IOException {
        return bytes.next();
    }

    /** All bytes that are left; only for a file that is known to be small. */
    public byte[] all() throws IOException {
        return bytes.all();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
