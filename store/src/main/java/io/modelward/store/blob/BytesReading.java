package io.modelward.store.blob;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes in memory that are known to be right. */
final class BytesReading implements BlobReading {

    private @Nullable ByteBuffer left;

    BytesReading(byte[] content) {
        this(ByteBuffer.wrap(content));
    }

    BytesReading(ByteBuffer content) {
        this.left = content.hasRemaining() ? content : null;
    }

    @Override
    public boolean prove() {
        return true;
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer all = left;
        left = null;
        return all;
    }

    @Override
    public void close() {
        left = null;
    }
}
