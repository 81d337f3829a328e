package io.modelward.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A new file being written from its start. */
public interface DiskFile extends Closeable {

    /** Appends all remaining bytes of the buffer. */
    void write(ByteBuffer bytes) throws IOException;

    /** Makes what was written durable. A failed sync is final: the file must be given up, never synced again. */
    void sync() throws IOException;
}
