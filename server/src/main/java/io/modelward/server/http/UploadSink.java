package io.modelward.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes a body piece by piece. Used by one thread at a time; closing without {@link #finish} forgets it. */
public interface UploadSink extends AutoCloseable {

    void write(ByteBuffer bytes) throws IOException;

    /** All has arrived: keeps it, and says what to answer. */
    Reply finish() throws IOException;

    @Override
    void close() throws IOException;

    /** Begins one; may touch the disk and refuse. */
    @FunctionalInterface
    interface Start {
        UploadSink begin() throws IOException;
    }
}
