package io.modelward.store.blob;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a blob on their way out. Wrong bytes never end well: the reading fails before it hands out the last piece,
 * with a problem of the kind {@code damaged}. Used by one thread at a time.
 */
public interface BlobReading extends Closeable {

    /**
     * Does the next part of the proof that must end before the first byte goes out. It reads at most a few MiB, so that
     * many readings share a few threads by turns.
     *
     * @return whether all is proved and {@link #next} may be called
     */
    boolean prove() throws IOException;

    /** The next bytes, which stay as they are until the following call; null at the end. */
    @Nullable
    ByteBuffer next() throws IOException;

    /** Bytes in memory that need no proof. */
    static BlobReading of(byte[] content, long offset, long length) {
        int from = Math.toIntExact(offset);
        return new BytesReading(Arrays.copyOfRange(content, from, from + Math.toIntExact(length)));
    }

    /** All that is left; only for what is known to be small. */
    default byte[] all() throws IOException {
        while (!prove()) {
            // Goes on until all is proved.
        }
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (ByteBuffer piece = next(); piece != null; piece = next()) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
